-- Stands for FreeBSD's module of that name: a menu of numbered entries, some with a key of their own.
local core = require("core")

local menu = {}

local prompt = {
	entry_type = core.MENU_RETURN,
	name = "Escape to loader prompt",
	func = function()
		loader.setenv("autoboot_delay", "NO")
	end,
	alias = {"\027"},
}

menu.welcome = {
	entries = {prompt},
	all_entries = {prompt = prompt},
}
menu.default = menu.welcome

local function nameOf(entry)
	if type(entry.name) == "function" then
		return entry.name()
	end
	return entry.name or ""
end

-- Shows a menu, and gives the entries by their keys.
local function show(menudef)
	local keys, number = {}, 0
	for _, entry in ipairs(menudef.entries) do
		if entry.entry_type == core.MENU_SEPARATOR then
			print(nameOf(entry))
		else
			number = number + 1
			print(number .. ". " .. nameOf(entry))
			keys[tostring(number)] = entry
			for _, key in ipairs(entry.alias or {}) do
				keys[key] = entry
			end
		end
	end
	return keys
end

local function process(menudef)
	while true do
		local keys = show(menudef)
		local key = io.getchar()
		local entry = keys[string.char(key)]
		if key == core.KEY_ENTER then
			core.boot()
		elseif entry == nil then
			print("no such key")
		elseif entry.entry_type == core.MENU_SUBMENU then
			process(entry.submenu)
		else
			if entry.func ~= nil then
				entry.func()
			end
			if entry.entry_type == core.MENU_RETURN then
				return
			end
		end
	end
end

function menu.run()
	if loader.getenv("autoboot_delay") ~= "NO" and not io.ischar() then
		show(menu.default)
		core.boot()
	end
	process(menu.default)
end

return menu
