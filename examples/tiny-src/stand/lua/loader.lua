-- Stands for the first script of FreeBSD's loader: reads the settings, lets others change the menu, and shows it.
local core = require("core")

require("config").load()
try_include("local")
if core.isMenuSkipped() then
	require("config").loadelf()
else
	require("menu").run()
end
