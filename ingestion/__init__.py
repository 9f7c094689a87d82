"""The paper workshop: from an uploaded file to what its pages are, whose they are and what they say."""

import os

# onnxruntime writes down when and how it ran and sends that to its maker, unless told before it is loaded.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
