"""The words of cross-checks: papers, fields and sides by name, and the sentences that put them together."""

from dossiers.sentences import gettext_noop

FIELDS: dict[str, str] = {
    "name": gettext_noop("姓名"),
    "employee": gettext_noop("乙方姓名"),
    "id_number": gettext_noop("证号"),
    "sex": gettext_noop("性别"),
    "birth_date": gettext_noop("出生日期"),
    "birth_year_month": gettext_noop("出生年月"),
    "valid_until": gettext_noop("有效期"),
    "person_category": gettext_noop("人员类别"),
    "chosen_programme": gettext_noop("培训专业"),
    "occupation": gettext_noop("职业"),
    "occupation_or_startup_category": gettext_noop("工种"),
    "skill_level": gettext_noop("等级"),
    "institution_date": gettext_noop("填表日期"),
    "issued_on": gettext_noop("发证日期"),
    "employer": gettext_noop("甲方"),
    "signed_on": gettext_noop("签订日期"),
    "start_on": gettext_noop("起始日期"),
    "end_on": gettext_noop("终止日期"),
    "certificate_no": gettext_noop("证书编号"),
    "score": gettext_noop("得分"),
    "total_score": gettext_noop("总成绩"),
    "theory_score": gettext_noop("理论成绩"),
    "practice_score": gettext_noop("实操成绩"),
    "result": gettext_noop("结果"),
    "trainee_count": gettext_noop("培训人数"),
    "start_date": gettext_noop("起始日期"),
    "end_date": gettext_noop("终止日期"),
    "total_lessons": gettext_noop("培训课时"),
    "theory_lessons": gettext_noop("理论课时"),
    "practice_lessons": gettext_noop("技能课时"),
    "lessons": gettext_noop("课时"),
    "hr_approved_on": gettext_noop("审核日期"),
    "application_date": gettext_noop("申请日期"),
    "approved_trainee_count": gettext_noop("审批人数"),
    "present_trainee_count": gettext_noop("检查时人数"),
    "inspected_on": gettext_noop("检查日期"),
    "lecturer_name": gettext_noop("授课教师"),
    "enrolled_count": gettext_noop("培训人数"),
    "passed_count": gettext_noop("合格人数"),
    "certified_count": gettext_noop("领证人数"),
    "amount": gettext_noop("金额"),
    "bank_account": gettext_noop("账户"),
    "party_a_seal": gettext_noop("甲方盖章"),
    "party_b_seal": gettext_noop("乙方盖章"),
    "applicant_seal": gettext_noop("申请单位盖章"),
    "party_b_signature": gettext_noop("乙方签字"),
    "trainee_signature": gettext_noop("本人签名"),
    "photo": gettext_noop("照片"),
    "institution_seal": gettext_noop("机构盖章"),
    "institution_handler_signature": gettext_noop("机构经办人签字"),
    "institution_legal_rep_signature": gettext_noop("机构法人签字"),
    "hr_handler_signature": gettext_noop("人社部门经办人签字"),
    "hr_leader_signature": gettext_noop("人社主管领导签字"),
    "hr_seal": gettext_noop("人社部门盖章"),
    "inspector_signature": gettext_noop("检查人签字"),
    "responsible_person_signature": gettext_noop("负责人确认签字"),
}

# The side a paper is held against.
ROSTER = gettext_noop("名册")
TIMETABLE = gettext_noop("课程安排")
PROGRAMME = gettext_noop("班次")
APPLICANT = gettext_noop("申报企业")
FIRST_LESSON = gettext_noop("首课日期")
LAST_LESSON = gettext_noop("末课日期")
TRAINING = gettext_noop("培训期")
CARD = gettext_noop("身份证")
NUMBER = gettext_noop("证号")
EXAM = gettext_noop("考试日期")
SCORES = gettext_noop("成绩单")
OPENING = gettext_noop("开班申请表")
PAPER_ROSTER = gettext_noop("纸面名册")
SUM = gettext_noop("理论与技能之和")
RULE = gettext_noop("编号规则")
PASS_MARK = gettext_noop("合格线")
FRONT = gettext_noop("人像面")
BACK = gettext_noop("国徽面")
ABSENT = gettext_noop("没有此人")
STRANGER = gettext_noop("有此人，名册没有")

DIFFERS = gettext_noop("%(paper)s的%(field)s读得 %(read)s，%(against)s为 %(held)s")
AGREES = gettext_noop("%(paper)s的%(field)s与%(against)s一致")
NOT_READ = gettext_noop("%(paper)s的%(field)s没有读出")
NOT_HELD = gettext_noop("%(paper)s的%(field)s无从比对：没有%(against)s")
DOUBTFUL = gettext_noop("%(paper)s的%(field)s读得 %(read)s，读得有疑问")
DOUBTFUL_CHIP = gettext_noop("%(paper)s%(field)s读得有疑问")
LATER = gettext_noop("%(paper)s的%(field)s %(read)s，晚于%(against)s %(held)s")
IN_TIME = gettext_noop("%(paper)s的%(field)s不晚于%(against)s")
NOT_SEEN = gettext_noop("%(paper)s上没有看到%(field)s")
SEEN = gettext_noop("%(paper)s上的签字盖章都看到了")

LOOK = gettext_noop("请在“核对”里看原件：读错的更正，没有读错的补正材料或改正名册。")
LOOK_AT_MARK = gettext_noop("请看原件：有就按原件核，没有就请补签补盖后重交这一页。")
READ_IT = gettext_noop("请在“核对”里看原件，补上这个值；看不清的重拍这一页。")
STATE_IT = gettext_noop("请先录入另一侧的内容，再比对。")
FILE_IT = gettext_noop("请补上这一份，或说明原因。")
