-- No picture beside the menu: a line about a generation takes the whole width.
return {
	logo = {
		graphic = {""},
		requires_color = false,
	},
}
