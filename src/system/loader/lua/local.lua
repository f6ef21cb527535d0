-- FreeBSD's scripts run this one before the menu. Whatever is wrong with what it does, the machine boots the current
-- generation.
local fine, why = pcall(function()
	require("fruix").start()
end)
if not fine then
	print("fruix: the generations cannot be shown: " .. tostring(why))
end
