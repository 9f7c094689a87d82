/* The camera of the phone: a live picture in a <video>, the sharpest still it gives, its lamp.
   const camera = new CaptureCamera(video); await camera.open(); const blob = await camera.still(); camera.close();
   HTML: the <video> of capture_controller.js; none of its own. */

const WANTED = { facingMode: { ideal: "environment" }, width: { ideal: 3840 }, height: { ideal: 2160 }, resizeMode: "none" };
const QUALITY = 0.92;

export class CaptureCamera {
  constructor(video) {
    this.video = video;
    this.track = null;
  }

  static get isOffered() {
    return Boolean(navigator.mediaDevices && navigator.mediaDevices.getUserMedia);
  }

  get isOpen() {
    return Boolean(this.track && this.track.readyState === "live");
  }

  async open() {
    const stream = await navigator.mediaDevices.getUserMedia({ video: WANTED, audio: false });
    [this.track] = stream.getVideoTracks();
    this.video.srcObject = stream;
    await this.video.play();
  }

  close() {
    if (this.track) this.track.stop();
    this.track = null;
    this.video.srcObject = null;
  }

  get hasLamp() {
    return Boolean(this.track && this.track.getCapabilities && this.track.getCapabilities().torch);
  }

  async light(on) {
    await this.track.applyConstraints({ advanced: [{ torch: on }] });
  }

  /* The still of the sensor where it is finer than the live picture, else the picture as it stands. */
  async still() {
    return (await this.finerStill()) || this.frame();
  }

  async finerStill() {
    if (!window.ImageCapture) return null;
    try {
      const capture = new window.ImageCapture(this.track);
      const { imageWidth } = await capture.getPhotoCapabilities();
      if (!imageWidth || imageWidth.max <= this.video.videoWidth) return null;
      return await capture.takePhoto({ imageWidth: imageWidth.max });
    } catch {
      return null; // some phones promise a still and give none
    }
  }

  frame() {
    const canvas = document.createElement("canvas");
    canvas.width = this.video.videoWidth;
    canvas.height = this.video.videoHeight;
    canvas.getContext("2d").drawImage(this.video, 0, 0);
    return new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", QUALITY));
  }
}
