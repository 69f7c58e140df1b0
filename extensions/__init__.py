"""What plugs into the Rasa server.

This package imports nothing by itself: `extensions.server` must be able to set
the process up before Rasa is imported. The patches of Rasa are applied by the
sub-packages that Rasa loads: `nlu`, `channels` and `tracker_store`.
"""
