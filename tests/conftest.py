"""What tests of several rooms share."""

pytest_plugins = ["tests.sent_files"]
