-- The first script that a loader of FreeBSD runs, wherever it comes from: it hands over to the scripts of the loader
-- that runs. A loader and its scripts are one unit, below /boot/fruix; the EFI boot entry of a newer one says which it
-- is, by `fruix.loader=NAME`. Without that word it is the loader at the place that firmware falls back to.
local directory = "/boot/fruix/" .. (loader.getenv("fruix.loader") or "a")
if lfs.attributes(directory .. "/lua/loader.lua", "mode") ~= "file" then
	print("fruix: there are no scripts in " .. directory)
	directory = "/boot/fruix/a"
end
loader.lua_path = directory .. "/lua"
package.path = loader.lua_path .. "/?.lua"
dofile(loader.lua_path .. "/loader.lua")
