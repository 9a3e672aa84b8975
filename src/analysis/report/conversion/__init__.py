"""What the conversion report says: each module turns tables of the room monitor into one part of the page, words included."""
