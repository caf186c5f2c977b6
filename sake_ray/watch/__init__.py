"""Hand in by itself what is put into folders, buckets and mailboxes."""
