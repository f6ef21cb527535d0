-- Stands for FreeBSD's module of that name: what the others share.
local core = {
	KEY_ENTER = 13,
	MENU_ENTRY = "entry",
	MENU_RETURN = "return",
	MENU_SEPARATOR = "separator",
	MENU_SUBMENU = "submenu",
}

-- Runs a script beside the others, if it is there.
function try_include(name)
	local path = loader.lua_path .. "/" .. name .. ".lua"
	if lfs.attributes(path, "mode") == "file" then
		return dofile(path)
	end
end

function core.isMenuSkipped()
	return loader.getenv("beastie_disable") == "YES"
end

function core.boot()
	if loader.getenv("kernelname") == nil then
		require("config").loadelf()
	end
	loader.perform("boot")
end

return core
