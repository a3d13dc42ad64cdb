"""Kills, stops and cuts every part of the line, and counts rows: nothing may be lost, nothing may be there twice."""
