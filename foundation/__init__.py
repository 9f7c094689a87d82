"""The ground every room stands on and none owns: files, secrets, jobs, child processes."""
