// SPDX-License-Identifier: Apache-2.0
#include "sw/net/nexthop_object.h"

#include "sw/kernel/error.h"
#include "sw/net/fib.h"
#include "sw/net/net.h"

namespace fw {

using namespace regs::config;

namespace {

struct member {
    u16 object;
    u16 weight;  ///< 1 to 256
};

/// Linux struct nexthop with its nh_info or nh_group.
struct nexthop {
    u32 id;  ///< 0: free
    u32 gateway;
    u32 oif;  ///< 0: of a group and of a blackhole
    u8 nh_scope;
    u8 protocol;
    bool onlink;
    bool blackhole;
    unsigned count;  ///< members of a group, 0: it is none
    member members[MAX_NEXTHOPS];
};

constinit nexthop objects[kMaxNexthopObjects] = {};
/// Behind the last that was ever used.
constinit unsigned objects_end = 0;
constinit u32 last_id_allocated = 0;

nexthop& object_at(u16 number) { return objects[number - 1]; }
u16 number_of(const nexthop& object) { return static_cast<u16>(&object - objects + 1); }

u16 free_number() {
    for (unsigned i = 0; i < kMaxNexthopObjects; ++i) {
        if (objects[i].id == 0) return static_cast<u16>(i + 1);
    }
    return kNoObject;
}

/// nh_find_unused_id; 0: there is none.
u32 unused_id() {
    const u32 start = last_id_allocated;
    while (++last_id_allocated != start) {
        if (last_id_allocated != 0 && nexthop_find_by_id(last_id_allocated) == kNoObject) return last_id_allocated;
    }
    return 0;
}

/// What the route itself says, without what an object adds.
rtable_key base_of(rtable_key key) {
    key.oif = key.gateway = 0;
    key.group = key.object = kNoObject;
    key.onlink = key.reject = 0;
    key.nh_scope = RT_SCOPE_NOWHERE;
    return key;
}

/// A route by the object `as`, whose only way is `way`.
rtable_key key_of(rtable_key base, const nexthop& way, u16 as) {
    base.oif = way.oif;
    base.gateway = way.gateway;
    base.nh_scope = way.nh_scope;
    base.onlink = way.onlink;
    base.reject = way.blackhole;
    base.object = as;
    return base;
}

/// A route's next hops by a group, each with one user more. False: there is no room, and nothing is taken.
bool take_ways(const rtable_key& base, const nexthop& group, fib_nh* ways) {
    for (unsigned i = 0; i < group.count; ++i) {
        const member& one = group.members[i];
        ways[i] = {rt_get(key_of(base, object_at(one.object), one.object)), one.weight, false, -1};
        if (ways[i].nexthop != kNoNextHop) continue;
        while (i-- > 0) rt_put(ways[i].nexthop);
        return false;
    }
    return true;
}

bool is_member(const nexthop& group, u16 object) {
    for (unsigned i = 0; i < group.count; ++i) {
        if (group.members[i].object == object) return true;
    }
    return false;
}

/// Calls `what` for each next hop of a route by the object.
template <typename What>
void for_each_use(u16 object, What what) {
    for (u16 index = 0; index < kMaxNextHops; ++index) {
        const rtable& rt = rt_table[index];
        if (rt.users != 0 && rt.key.object == object) what(index);
    }
}

template <typename What>
void for_each_group_of(u16 object, What what) {
    for (unsigned i = 0; i < objects_end; ++i) {
        if (objects[i].id != 0 && is_member(objects[i], object)) what(number_of(objects[i]));
    }
}

/// Routes by the object lead where it says now. There is room for that (see has_room).
void update_uses(u16 number) {
    const nexthop& object = object_at(number);
    for_each_use(number, [&](u16 index) {
        if (fib_leads_nowhere(rt_table[index].key.type)) return;
        const rtable_key base = base_of(rt_table[index].key);
        if (object.count < 2) {
            const nexthop& way = object.count == 1 ? object_at(object.members[0].object) : object;
            rt_change(index, key_of(base, way, number));
            return;
        }
        fib_nh ways[MAX_NEXTHOPS];
        if (take_ways(base, object, ways)) rt_change_group(index, number, ways, object.count);
    });
    if (object.count == 0) for_each_group_of(number, update_uses);
}

/// rt_table has room for the ways of a group with `count` members wherever a route is by it.
bool has_room(u16 number, unsigned count) {
    unsigned uses = 0, groups = 0;
    for_each_use(number, [&](u16 index) {
        ++uses;
        groups += rt_table[index].key.group == 0 ? 1 : 0;
    });
    return uses * count <= rt_free_count() && (count < 2 || groups <= rt_free_groups());
}

bool is_by_object(const fib_alias& route, u32 object) { return rt_table[route.nexthop].key.object == object; }

void remove_nexthop(u16 number);

/// remove_nh_grp_entry: with its last member a group goes.
void remove_from_group(u16 group, u16 object) {
    nexthop& from = object_at(group);
    if (from.count == 1) return remove_nexthop(group);
    unsigned left = 0;
    for (unsigned i = 0; i < from.count; ++i) {
        if (from.members[i].object != object) from.members[left++] = from.members[i];
    }
    from.count = left;
    update_uses(group);
}

void remove_nexthop(u16 number) {
    fib_flush(is_by_object, number);
    if (object_at(number).count == 0) {
        for_each_group_of(number, [&](u16 group) { remove_from_group(group, number); });
    }
    object_at(number) = {};
}

/// nh_check_attr_group and valid_group_nh.
int make_group(const NexthopAdd& message, nexthop* group) {
    if (message.members > MAX_NEXTHOPS || message.gateway != 0 || message.oif != 0 || message.blackhole) {
        return -err::inval;
    }
    for (unsigned i = 0; i < message.members; ++i) {
        const u16 number = nexthop_find_by_id(message.member[i]);
        if (number == kNoObject || is_member(*group, number)) return -err::inval;
        const nexthop& one = object_at(number);
        if (one.count != 0 || (one.blackhole && message.members > 1)) return -err::inval;
        group->members[group->count++] = {number, static_cast<u16>(message.weight[i] + 1)};
    }
    return 0;
}

/// rtm_to_nh_config and nexthop_create.
int make_single(const NexthopAdd& message, nexthop* object) {
    if (message.blackhole) {
        rtable_key key{};
        object->blackhole = true;
        object->nh_scope = RT_SCOPE_HOST;
        if (message.gateway != 0 || message.oif != 0) return -err::inval;
        return fib_check_nh({}, {0, kLoopbackIfindex, 1, message.onlink != 0}, &key);
    }
    const net_device* dev = dev_get_by_index(message.oif);
    if (!dev) return -err::inval;
    if (!(dev->flags & IFF_UP)) return -err::netdown;
    rtable_key key{};
    key.oif = message.oif;
    const int error = fib_check_nh({}, {message.gateway, message.oif, 1, message.onlink != 0}, &key);
    object->gateway = message.gateway;
    object->oif = key.oif;
    object->nh_scope = key.nh_scope;
    object->onlink = message.onlink != 0;
    return error;
}

/// nexthop_check_scope.
int check_scope(const nexthop& object, u8 scope) {
    if (object.count != 0) {
        if (scope == RT_SCOPE_HOST) return -err::inval;
        return check_scope(object_at(object.members[0].object), scope);
    }
    if (scope == RT_SCOPE_HOST && object.gateway != 0) return -err::inval;
    return object.onlink && scope >= RT_SCOPE_LINK ? -err::inval : 0;
}

/// fib_check_nh_list: would all routes by `number` take `with` for it? Also those that lead nowhere.
int check_uses(u16 number, const nexthop& with) {
    int error = 0;
    for_each_use(number, [&](u16 index) {
        const int one = check_scope(with, rt_table[index].key.scope);
        if (error == 0) error = one;
    });
    return error;
}

/// replace_nexthop: a group stays one, and nobody who is there may mind.
int replace(u16 number, const nexthop& with) {
    nexthop& old = object_at(number);
    int error = (old.count != 0) != (with.count != 0) ? -err::inval : check_uses(number, with);
    if (error != 0) return error;
    for_each_group_of(number, [&](u16 group) {
        if (with.blackhole && object_at(group).count > 1) error = -err::inval;
        if (error == 0) error = check_uses(group, with);
    });
    if (error != 0) return error;
    if (with.count != 0 && !has_room(number, with.count)) return -err::nobufs;
    old = with;
    update_uses(number);
    return 0;
}

int insert(const nexthop& object) {
    const u16 number = free_number();
    if (number == kNoObject) return -err::nobufs;
    object_at(number) = object;
    if (objects_end < number) objects_end = number;
    return 0;
}

}  // namespace

u16 nexthop_find_by_id(u32 id) {
    for (unsigned i = 0; i < objects_end && id != 0; ++i) {
        if (objects[i].id == id) return static_cast<u16>(i + 1);
    }
    return kNoObject;
}

int fib_check_nexthop(u16 object, u8 scope) { return check_scope(object_at(object), scope); }

u16 nexthop_get(rtable_key base, u16 number) {
    const nexthop& object = object_at(number);
    if (object.count == 0) return rt_get(key_of(base, object, number));
    if (object.count == 1) return rt_get(key_of(base, object_at(object.members[0].object), number));
    fib_nh ways[MAX_NEXTHOPS];
    if (!take_ways(base, object, ways)) return kNoNextHop;
    const u16 index = rt_get_group(ways, object.count, number);
    for (unsigned i = 0; index == kNoNextHop && i < object.count; ++i) rt_put(ways[i].nexthop);
    return index;
}

void nexthop_flush_dev(u32 ifindex) {
    for (unsigned i = 0; i < objects_end; ++i) {
        const nexthop& object = objects[i];
        if (object.id != 0 && object.count == 0 && object.oif == ifindex) remove_nexthop(number_of(object));
    }
}

void nexthop_flush(const Flush& which) {
    for (unsigned i = 0; i < objects_end; ++i) {
        const nexthop& object = objects[i];
        const u32 dev = object.blackhole ? kLoopbackIfindex : object.oif;
        if (object.id == 0 || (which.groups != 0 && object.count == 0)) continue;
        if ((which.ifindex != 0 && dev != which.ifindex) ||
            (which.protocol != 0 && object.protocol != which.protocol)) {
            continue;
        }
        remove_nexthop(number_of(object));
    }
}

void nexthop_init() {
    for (nexthop& object : objects) object = {};
    objects_end = 0;
    last_id_allocated = 0;
}

int inet_nexthop_add(const msg::NexthopAdd& message) {
    nexthop object = {};
    object.protocol = message.protocol;
    if (message.replace && message.id == 0) return -err::inval;
    object.id = message.id != 0 ? message.id : unused_id();
    if (object.id == 0) return -err::inval;
    const int error = message.members != 0 ? make_group(message, &object) : make_single(message, &object);
    if (error != 0) return error;
    const u16 there = nexthop_find_by_id(object.id);
    if (there == kNoObject) return insert(object);
    return message.replace ? replace(there, object) : -err::exist;
}

int inet_nexthop_del(const msg::NexthopDel& message) {
    if (message.id == 0) return -err::inval;
    const u16 number = nexthop_find_by_id(message.id);
    if (number == kNoObject) return -err::noent;
    remove_nexthop(number);
    return 0;
}

}  // namespace fw
