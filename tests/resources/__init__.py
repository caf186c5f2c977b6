"""What do the tests read?"""
