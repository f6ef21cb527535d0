-- What FreeBSD's loader gives to its scripts, over a disk that is a table: `lua5.4 machine.lua DISK KEYS UNIT` runs
-- /boot/lua/loader.lua. DISK is a file that returns a table of paths, each with the contents of a file, or with a table
-- of the target of a link. KEYS are pressed one after the other, and
-- UNIT is what the EFI boot entry says of the loader.
--
-- After all that the scripts print there are lines `@env NAME=VALUE`, `@write PATH CONTENTS`, and how it ended: `@boot`,
-- `@reboot` or `@prompt`.
local disk_file, keys, unit = arg[1], arg[2] or "", arg[3]
local disk = dofile(disk_file)
local real = {io = io, os = os, print = print, load = load, sort = table.sort}
local written, environment = {}, {}

local function finish(how)
	local function inOrder(values, line)
		local names = {}
		for name in pairs(values) do
			names[#names + 1] = name
		end
		real.sort(names)
		for _, name in ipairs(names) do
			real.print(line(name, (values[name]:gsub("\n", "\\n"))))
		end
	end
	inOrder(environment, function(name, value)
		return "@env " .. name .. "=" .. value
	end)
	inOrder(written, function(name, value)
		return "@write " .. name .. " " .. value
	end)
	real.print("@" .. how)
	real.os.exit(0)
end

-- The path without links; whatever is there.
local function resolve(path, links)
	links = links or 0
	local place = ""
	local rest = path
	while rest:match("[^/]") do
		local name, after = rest:match("^/*([^/]+)(.*)$")
		local here = place .. "/" .. name
		if type(disk[here]) == "table" then
			if links > 20 then
				return nil
			end
			local target = disk[here][1]
			if target:sub(1, 1) ~= "/" then
				target = place .. "/" .. target
			end
			return resolve(target .. after, links + 1)
		end
		place, rest = here, after
	end
	return place
end

local function children(path)
	local names, seen = {}, {}
	local directory = resolve(path) .. "/"
	for name in pairs(disk) do
		local child = name:sub(1, #directory) == directory and name:sub(#directory + 1):match("^[^/]+")
		if child and not seen[child] then
			seen[child] = true
			names[#names + 1] = child
		end
	end
	return names
end

lfs = {
	attributes = function(path, what)
		assert(what == "mode")
		local place = resolve(path)
		if place == nil then
			return nil
		elseif disk[place] ~= nil then
			return "file"
		end
		return #children(path) > 0 and "directory" or nil
	end,
	dir = function(path)
		local names = children(path)
		assert(#names > 0, "no such directory")
		local at = 0
		return function()
			at = at + 1
			return names[at]
		end
	end,
}

io = {
	open = function(path, mode)
		local place = resolve(path)
		if place == nil or disk[place] == nil then
			return nil
		end
		return {place = place, writable = mode == "w"}
	end,
	read = function(file)
		return disk[file.place]
	end,
	-- The loader changes what a file has, and makes none longer.
	write = function(file, text)
		assert(file.writable)
		if disk["/read-only"] ~= nil then
			return nil
		end
		local old = disk[file.place]
		disk[file.place] = (text .. old:sub(#text + 1)):sub(1, #old)
		written[file.place] = disk[file.place]
		return #text
	end,
	close = function() end,
	ischar = function()
		return #keys > 0
	end,
	getchar = function()
		if #keys == 0 then
			finish("waiting")
		end
		local key = keys:byte()
		keys = keys:sub(2)
		return key
	end,
}

local commands = {
	load = function(path)
		-- A name alone is looked for along module_path.
		for directory in ((environment.module_path or "") .. ";"):gmatch("([^;]*);") do
			for _, candidate in ipairs({path, directory .. "/" .. path}) do
				if candidate:sub(1, 1) == "/" and lfs.attributes(candidate, "mode") == "file" and
				    disk[resolve(candidate)] ~= "damaged" then
					environment.kernelname = environment.kernelname or candidate
					return 0
				end
			end
		end
		return 1
	end,
	unload = function()
		environment.kernelname = nil
		return 0
	end,
	boot = function()
		finish("boot")
	end,
	reboot = function()
		finish("reboot")
	end,
}

local unpack = table.unpack

local function words(line)
	local found = {}
	for word in line:gmatch("%S+") do
		found[#found + 1] = word
	end
	return unpack(found)
end

local function command(name, ...)
	return commands[name] ~= nil and commands[name](...) or 1
end

local clock = 0
loader = {
	lua_path = "/boot/lua",
	machine = "amd64",
	machine_arch = "amd64",
	getenv = function(name)
		return environment[name]
	end,
	setenv = function(name, value)
		assert(type(value) == "string")
		environment[name] = value
		return 0
	end,
	unsetenv = function(name)
		environment[name] = nil
		return 0
	end,
	perform = function(line)
		return command(words(line))
	end,
	command = command,
	command_error = function()
		return "no such command"
	end,
	parse = words,
	interpret = function(line)
		return command(words(line))
	end,
	delay = function() end,
	time = function()
		clock = clock + 1
		return clock
	end,
}
environment.console = "comconsole"
environment["efi-version"] = "2.70"
environment["fruix.loader"] = unit

function printc(text)
	real.io.write(text)
end
loader.printc = printc

function dofile(path)
	local place = resolve(path)
	local chunk, why = real.load(disk[place] or error("no file " .. path), "@" .. path)
	assert(chunk, why)
	return chunk()
end

package.path = "/boot/lua/?.lua"
package.searchers = {
	package.searchers[1],
	function(name)
		local path = package.path:gsub("?", name)
		local place = resolve(path)
		if disk[place] == nil then
			return "no file " .. path
		end
		return assert(real.load(disk[place], "@" .. path))
	end,
}

-- What the loader's Lua is built without.
table, math, os, coroutine, debug, utf8 = nil, nil, nil, nil, nil, nil

local fine, why = pcall(dofile, "/boot/lua/loader.lua")
if not fine then
	print("error: " .. tostring(why))
end
-- As the loader does after its scripts.
if fine and (environment.autoboot_delay or "") ~= "NO" and environment.kernelname ~= nil then
	finish("boot")
end
finish("prompt")
