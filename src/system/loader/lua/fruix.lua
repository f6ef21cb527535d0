-- The generations of a Fruix system in the menu of FreeBSD's loader, and the one that is booted once to be tried.
--
-- The loader has the libraries `string`, `io` and `lfs`, the last two in a form of their own, and neither `table` nor
-- `math`. It can change what a file holds, in its place, and nothing else of a file system.
--
--   /boot/loader.conf                        leads to the settings of the current generation: the default
--   /frx/var/fruix/profiles/system-N-link    a generation
--   /frx/var/fruix/boot/generations          what the menu says of each; only for people, and may be missing
--   /frx/var/fruix/boot/try                  `armed N`: boot generation N once; `spent N`: that has been done
local config = require("config")
local core = require("core")
local menu = require("menu")

local fruix = {}

local LOADER_CONF = "/boot/loader.conf"
local STATE = "/frx/var/fruix"
local PROFILES = STATE .. "/profiles"
local INDEX = STATE .. "/boot/generations"
local ATTEMPT = STATE .. "/boot/try"

-- The kernel ignores longer values.
local LONGEST_VALUE = 249
-- The screen has so many lines below the name of the system, beside those of the other entries.
local MENU_LINES = 6
local PAGE_LINES = 8
-- A line of the menu begins at the eighth column of eighty.
local MENU_COLUMNS = 71

-- The number of the generation whose settings are read in place of those of the current one.
local chosen
-- Generations, the newest first: tables of number, made, kernel, system and label; and the current one of them.
local generations = {}
local current

local function say(text)
	print("fruix: " .. text)
end

local function read(path)
	local file = io.open(path)
	if file == nil then
		return nil
	end
	local text = io.read(file)
	io.close(file)
	return text
end

local function isFile(path)
	return path ~= nil and lfs.attributes(path, "mode") == "file"
end

local function isSet(name)
	return (loader.getenv(name) or "") ~= ""
end

-- Where FreeBSD's scripts read the settings of the machine, they get those of the chosen generation.
local processFile = config.processFile
function config.processFile(name, silent)
	if name == LOADER_CONF and chosen ~= nil then
		name = PROFILES .. "/system-" .. chosen .. "-link/boot/loader.conf"
	end
	return processFile(name, silent)
end

-- What the index says of the generations, by their numbers; lines that are damaged count for nothing.
local function readIndex()
	local about = {}
	local text = read(INDEX) or ""
	for line in text:gmatch("[^\n]+") do
		local number, made, kernel, system, label =
		    line:match("^(%d+)\t([ -~]*)\t([ -~]*)\t([ -~]*)\t([ -~]*)")
		if number ~= nil then
			about[number] = {made = made, kernel = kernel, system = system, label = label}
		end
	end
	return about, text:match("^current\t(%d+)\n")
end

-- Finds the generations that are there. `system` is what the settings of the current one name.
local function find(system)
	local about, said = readIndex()
	generations, current = {}, nil
	for name in lfs.dir(PROFILES) do
		local digits = name:match("^system%-([1-9]%d*)%-link$")
		if digits ~= nil then
			local generation = about[digits] or {made = "", kernel = "", label = ""}
			generation.number = tonumber(digits)
			-- The index may be older than the last switch.
			if system ~= nil and generation.system == system:match("[^/]*$") and
			    (current == nil or digits == said) then
				current = generation
			end
			local place = #generations + 1
			while place > 1 and generations[place - 1].number < generation.number do
				generations[place] = generations[place - 1]
				place = place - 1
			end
			generations[place] = generation
		end
	end
end

-- Whether all is there that a start needs before something of the system itself can say what is missing.
local function isBootable()
	local kernel = loader.getenv("kernel") or ""
	if kernel:sub(1, 1) ~= "/" then
		kernel = "/boot/" .. kernel
	end
	return isFile(kernel .. "/" .. (loader.getenv("bootfile") or "kernel")) and
	    isFile(loader.getenv("init_path")) and isFile(loader.getenv("init_script"))
end

-- Settings of this start alone.
local added = {}

local function set(name, value)
	added[name] = true
	loader.setenv(name, value)
end

-- Reads the settings of a generation; those of the current one without a number.
local function choose(number)
	if loader.getenv("kernelname") ~= nil then
		loader.perform("unload")
	end
	for name in pairs(added) do
		loader.unsetenv(name)
	end
	added = {}
	chosen = number
	config.selectKernel(nil)
	config.kernel_loaded = nil
	config.reload()
	if number ~= nil then
		set("fruix.generation", tostring(number))
	elseif current ~= nil then
		set("fruix.generation", tostring(current.number))
	end
end

-- Marks the attempt as made, and gives the number of the generation to try. Nothing is tried where the mark does not
-- hold, for it would be tried again and again.
local function spendAttempt()
	local text = read(ATTEMPT)
	local number = text ~= nil and text:match("^armed ([1-9]%d*)\n")
	if not number then
		return nil
	end
	local file = io.open(ATTEMPT, "w")
	if file ~= nil then
		io.write(file, "spent")
		io.close(file)
	end
	if read(ATTEMPT) ~= "spent" .. text:sub(6) then
		say("generation " .. number .. " is not tried: that it was cannot be written down")
		return nil
	end
	return tonumber(number)
end

-- Nobody may be there to answer, so whatever ends a start that is a try has to restart the machine: then the current
-- generation boots.
local function restartOnTrouble()
	set("kern.panic_reboot_wait_time", "5")
	set("debug.debugger_on_panic", "0")
	-- The kernel takes each line of this as one of mount.conf(5). It reads no further than a directive without its
	-- argument, and then does what `.onfail` says, in place of asking for a root.
	local mount = (loader.getenv("vfs.root.mountfrom.options") or "ro") .. "\n.onfail reboot\n.timeout\n"
	if #mount <= LONGEST_VALUE then
		set("vfs.root.mountfrom.options", mount)
	end
	local loadelf = config.loadelf
	function config.loadelf()
		local fine = loadelf()
		if loader.getenv("kernelname") == nil and isSet("fruix.try") then
			say("the kernel cannot be loaded: restarting")
			loader.delay(3000000)
			loader.perform("reboot")
		end
		return fine
	end
end

-- Chooses the generation that is to be tried, if there is one.
local function try()
	local number = spendAttempt()
	if number == nil then
		return false
	end
	if not isFile(PROFILES .. "/system-" .. number .. "-link/boot/loader.conf") then
		say("generation " .. number .. " was to be tried, and is not there")
		return false
	end
	choose(number)
	if not isBootable() then
		say("generation " .. number .. " was to be tried, and is not whole")
		choose(nil)
		return false
	end
	set("fruix.try", tostring(number))
	restartOnTrouble()
	say("trying generation " .. number .. " once")
	return true
end

-- Chooses the newest generation that is whole, if the current one is not.
local function replaceDamaged()
	if isBootable() then
		return
	end
	for _, generation in ipairs(generations) do
		choose(generation.number)
		if isBootable() then
			say("the current generation is not whole: generation " .. generation.number .. " takes its place")
			return
		end
	end
	choose(nil)
end

local function describe(generation)
	local text = "Generation " .. generation.number
	for _, word in ipairs({generation.made, generation.kernel, generation.label}) do
		if word ~= "" then
			text = text .. "  " .. word
		end
	end
	local mark = ""
	if isSet("fruix.try") and generation.number == chosen then
		mark = " (to be tried) [Enter]"
	elseif chosen ~= nil and generation.number == chosen then
		mark = " [Enter]"
	elseif generation == current then
		mark = chosen == nil and " (current) [Enter]" or " (current)"
	end
	return text:sub(1, MENU_COLUMNS - #mark) .. mark
end

local function entry(generation)
	return {
		entry_type = core.MENU_ENTRY,
		name = function()
			return describe(generation)
		end,
		func = function()
			if generation.number ~= chosen then
				choose(generation.number)
			end
			core.boot()
		end,
	}
end

local function heading(text)
	return {entry_type = core.MENU_SEPARATOR, name = text}
end

-- Adds entries for generations from the place `first` on, and one that leads to the rest, to a menu.
local function addGenerations(entries, first, lines)
	local last = #generations
	if last - first >= lines then
		last = first + lines - 2
	end
	for place = first, last do
		entries[#entries + 1] = entry(generations[place])
	end
	if last < #generations then
		local older = {heading("Older generations")}
		addGenerations(older, last + 1, PAGE_LINES)
		older[#older + 1] = {entry_type = core.MENU_RETURN, name = "Back [Backspace]"}
		entries[#entries + 1] = {
			entry_type = core.MENU_SUBMENU,
			name = "Older generations",
			submenu = {entries = older},
			alias = {"g", "G"},
		}
	end
end

-- The generations, then what FreeBSD's own menu has beside its ways to boot.
local function showGenerations()
	if #generations == 0 then
		return
	end
	local marked = chosen ~= nil or current ~= nil
	local entries = {heading(marked and "Boot a generation:" or "Boot a generation; [Enter]: the current one")}
	addGenerations(entries, 1, MENU_LINES)
	entries[#entries + 1] = heading(nil)
	local own = menu.welcome.all_entries
	for _, name in ipairs({"prompt", "reboot", "console", "boot_options"}) do
		if own[name] ~= nil then
			entries[#entries + 1] = own[name]
		end
	end
	menu.default = {entries = entries}
	-- A frame would be too narrow for the lines.
	if not isSet("loader_menu_frame") then
		loader.setenv("loader_menu_frame", "none")
	end
	if not isSet("loader_logo") then
		loader.setenv("loader_logo", "fruix")
	end
end

-- What is to be done before the menu.
function fruix.start()
	local found, why = pcall(find, loader.getenv("fruix.system"))
	if not found then
		say("the generations cannot be found: " .. tostring(why))
		generations, current = {}, nil
	end
	if not try() then
		replaceDamaged()
	end
	if chosen == nil and current ~= nil then
		set("fruix.generation", tostring(current.number))
	end
	showGenerations()
end

return fruix
