"""What a master chooses about the messages that come by themselves, and his name and phone."""
