-- SPDX-License-Identifier: Apache-2.0
-- Integers, strings, patterns, tables, closures, coroutines, metatables, errors and the collector.
local function section(name) print("== " .. name) end

section("arithmetic")
local x = 1
for n = 1, 200 do
  x = (x * 6364136223846793005 + n) ~ (x >> 17)
  if n % 40 == 0 then print(n, x, x // 1000003, x % 1000003, -x // 7, -x % 7, x << 3, ~x) end
end
print(math == nil, 7 // -2, 7 % -2, -7 // 2, 1 << 63, (1 << 63) - 1, 0xFFFFFFFFFFFFFFFF, "10" + 5, 3 | 8 & 12)

section("strings")
local words = {}
for word in ("the quick brown fox jumps over the lazy dog"):gmatch("%a+") do words[#words + 1] = word end
table.sort(words, function(a, b) return #a < #b or (#a == #b and a < b) end)
print(table.concat(words, ","), #words)
print(("%5d|%-5d|%05d|%x|%X|%q|%s|%10.3s|%c|%%"):format(42, -42, 42, 255, 48879, 'a "q"\n', nil, "abcdef", 65))
print(("192.168.10.254"):match("^(%d+)%.(%d+)%.(%d+)%.(%d+)$"))
print((("x=1, y=22, z=333"):gsub("(%w)=(%d+)", function(k, v) return v .. ":" .. k:upper() end)))
print(("hello"):rep(3, "-"), ("hello"):reverse(), ("hello"):byte(1, -1))
print(string.pack("<I4>I2s1", 305419896, 43981, "abc"):gsub(".", function(c) return ("%02x"):format(c:byte()) end))
print(string.unpack("<i8", string.pack("<i8", -123456789)))
print(utf8.char(72, 228, 8364, 128512), utf8.len("h\u{e4}\u{20ac}"), utf8.codepoint("\u{20ac}", 1))

section("sieve")
local function sieve(limit)
  local composite, primes = {}, {}
  for n = 2, limit do
    if not composite[n] then
      primes[#primes + 1] = n
      for m = n * n, limit, n do composite[m] = true end
    end
  end
  return primes
end
local primes = sieve(5000)
print(#primes, primes[#primes], select("#", table.unpack(primes, 1, 50)))

section("queens")
local function queens(size)
  local columns, up, down, solutions = {}, {}, {}, 0
  local function place(row)
    if row > size then solutions = solutions + 1 return end
    for c = 1, size do
      if not (columns[c] or up[row + c] or down[row - c]) then
        columns[c], up[row + c], down[row - c] = true, true, true
        place(row + 1)
        columns[c], up[row + c], down[row - c] = nil, nil, nil
      end
    end
  end
  place(1)
  return solutions
end
print(queens(6), queens(7))

section("objects")
local Vector = {}
Vector.__index = Vector
Vector.__add = function(a, b) return setmetatable({ x = a.x + b.x, y = a.y + b.y }, Vector) end
Vector.__eq = function(a, b) return a.x == b.x and a.y == b.y end
Vector.__lt = function(a, b) return a:norm() < b:norm() end
Vector.__tostring = function(v) return ("(%d, %d)"):format(v.x, v.y) end
Vector.__concat = function(a, b) return tostring(a) .. tostring(b) end
Vector.__len = function() return 2 end
Vector.__call = function(v, k) return v.x * k, v.y * k end
Vector.__close = function(v) print("closed " .. tostring(v)) end
function Vector:norm() return self.x * self.x + self.y * self.y end
local a, b = setmetatable({ x = 3, y = 4 }, Vector), setmetatable({ x = 1, y = 2 }, Vector)
print(tostring(a + b), a == b, b < a, a .. b, #a, a(10))
do local held <close> = a + a end
local proxy = setmetatable({}, { __index = function(_, k) return k .. "!" end, __newindex = function(t, k, v) rawset(t, k, v * 2) end })
proxy.five = 5
print(proxy.five, proxy.other)

section("coroutines")
local function permutations(list, n)
  n = n or #list
  if n <= 1 then coroutine.yield(table.concat(list)) return end
  for i = 1, n do
    list[n], list[i] = list[i], list[n]
    permutations(list, n - 1)
    list[n], list[i] = list[i], list[n]
  end
end
local count, last = 0, nil
for p in coroutine.wrap(function() permutations({ "a", "b", "c", "d", "e", "f" }) end) do count, last = count + 1, p end
print(count, last)
local machine = coroutine.create(function(first)
  local got = first
  while true do got = coroutine.yield(got * 2) end
end)
print(coroutine.resume(machine, 4), coroutine.resume(machine, 5), coroutine.status(machine))

section("errors")
print(pcall(function() return nil + 1 end))
print(pcall(error, { code = 7 }) == false, select(2, pcall(error, "told", 0)))
print(xpcall(function() local t = nil; return t.field end, function(m) return "handled: " .. m end))
print(pcall(string.rep, "x", -1), pcall(string.format, "%d", "no"))
print(load("return 1 +"))
print(loadfile("nowhere.lua"))
print(pcall(function() return 1 // 0 end))
local function deep(n) return n == 0 and 0 or 1 + deep(n - 1) end
local through_library
through_library = function(text) return (text:gsub(".", through_library)) end
print(deep(150), (select(2, pcall(through_library, "x"))):match("C stack overflow"))

section("chunks")
local made = {}
for n = 1, 30 do made[n] = ("local a%d = ... ; return (a%d * %d) ~ %d"):format(n, n, n * n, n) end
local sum = 0
for n, text in ipairs(made) do sum = sum + load(text, "=made")(n) end
print(sum)
local again = load(string.dump(function(n) local t = {} for i = 1, n do t[i] = i * i end return t end), "=dumped", "b")
print(table.concat(again(12), " "))

section("memory")
local weak = setmetatable({}, { __mode = "k" })
local gone = 0
for n = 1, 300 do
  weak[setmetatable({ n }, { __gc = function() gone = gone + 1 end })] = n
  if n % 100 == 0 then collectgarbage() end
end
collectgarbage()
print(gone, next(weak))
collectgarbage("generational")
local text = {}
for n = 1, 2000 do text[n % 50 + 1] = ("%d:%s"):format(n, ("z"):rep(n % 17)) end
table.sort(text)
local hash = 5381
for _, line in ipairs(text) do for n = 1, #line do hash = (hash * 33 ~ line:byte(n)) & 0xFFFFFFFF end end
print(#text, hash)
table.move(text, 1, 10, 5)
print(table.remove(text, 1), table.remove(text), #text, text[5] == text[1])
goto done
print("never")
::done::
print("done")
