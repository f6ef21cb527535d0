-- Stands for FreeBSD's module of that name: reads settings, and takes them back before others are read.
local config = {}

local FILES = {"/boot/defaults/loader.conf", "/boot/loader.conf"}

-- The variables that were set, each with what it was before.
local before = {}

function config.processFile(name)
	local file = io.open(name)
	if file == nil then
		return true
	end
	local text = io.read(file)
	io.close(file)
	for line in text:gmatch("[^\n]+") do
		local key, value = line:match('^([%w._]+)="([^"]*)"')
		if key ~= nil then
			before[key] = before[key] or {value = loader.getenv(key)}
			loader.setenv(key, value)
		end
	end
	return true
end

function config.load()
	for _, name in ipairs(FILES) do
		config.processFile(name, true)
	end
end

function config.reload()
	for key, was in pairs(before) do
		if was.value == nil then
			loader.unsetenv(key)
		else
			loader.setenv(key, was.value)
		end
	end
	before = {}
	config.load()
end

function config.selectKernel(kernel)
	config.kernel_selected = kernel
end

function config.loadelf()
	local kernel = config.kernel_selected or loader.getenv("kernel")
	if kernel:sub(1, 1) ~= "/" then
		kernel = "/boot/" .. kernel
	end
	return loader.perform("load " .. kernel .. "/kernel") == 0
end

return config
