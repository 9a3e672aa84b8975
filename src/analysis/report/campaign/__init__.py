"""What the campaign report says: each module turns tables of monitor and design into one part of the page, words included."""
