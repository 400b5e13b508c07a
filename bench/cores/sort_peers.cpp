#include "sort_peers.h"

#include <algorithm>
#include <boost/sort/sort.hpp>
#include <cstring>
#include <memory>
#include <stdexcept>

#include "sort_callback.h"

extern "C" {
struct list_head {
    list_head* next;
    list_head* prev;
};
using CompareItems = int (*)(void*, const list_head*, const list_head*);
using KernelSort = void (*)(void* base, std::size_t n, std::size_t size, sort_compare compare,
                            void (*swap)(void*, void*, int));
using KernelListSort = void (*)(void* arg, list_head* head, CompareItems compare);
#ifdef KMB_KERNEL_SORT_PLAIN
void kernel_sort_plain(void* base, std::size_t n, std::size_t size, sort_compare compare,
                       void (*swap)(void*, void*, int));
void kernel_list_sort_plain(void* arg, list_head* head, CompareItems compare);
#endif
#ifdef KMB_KERNEL_SORT_RETPOLINE
void kernel_sort_retpoline(void* base, std::size_t n, std::size_t size, sort_compare compare,
                           void (*swap)(void*, void*, int));
void kernel_list_sort_retpoline(void* arg, list_head* head, CompareItems compare);
#endif
#ifdef KMB_OPAQUE_RETPOLINE
int sort_opaque32_retpoline(void* data, void* room, std::size_t n, sort_compare compare,
                            const core_pause* pause);
int sort_opaque64_retpoline(void* data, void* room, std::size_t n, sort_compare compare,
                            const core_pause* pause);
#endif
}

namespace kmb::cores {
namespace {

constexpr std::size_t kFew = 1000;  // keys that a sort in quadratic time is given

using Room = std::shared_ptr<std::vector<std::uint64_t>>;

template <typename Key>
int compare(const void* left, const void* right) {
    const Key x = *static_cast<const Key*>(left);
    const Key y = *static_cast<const Key*>(right);
    return (x > y) - (x < y);
}

// Made and used as the kernel module does, see modules/ksort/sort_kernel.c.
template <typename Key>
struct Item {
    list_head list;
    Key key;

    static int compare(void* /*arg*/, const list_head* left, const list_head* right) {
        return reinterpret_cast<const Item*>(left)->key > reinterpret_cast<const Item*>(right)->key;
    }
};

template <typename Key>
void by_list(KernelListSort sort, const Room& room, Key* keys, std::size_t n) {
    auto* items = reinterpret_cast<Item<Key>*>(room->data());
    list_head head{&head, &head};
    for (std::size_t i = 0; i < n; ++i) {
        items[i].key = keys[i];
        items[i].list = {&head, head.prev};
        head.prev->next = &items[i].list;
        head.prev = &items[i].list;
    }
    sort(nullptr, &head, Item<Key>::compare);
    for (const list_head* at = head.next; at != &head; at = at->next) {
        *keys++ = reinterpret_cast<const Item<Key>*>(at)->key;
    }
}

template <typename Key>
class Table {
  public:
    Table(sort_type type, std::size_t n) : type_(type), n_(n) {}

    std::vector<Contestant> all() {
        add_kernel();
        add_packaged();
        for (unsigned i = 0; i < sort_variant_count; ++i) {
            add_variant(sort_variants[i]);
        }
        add_callbacks();
        return all_;
    }

  private:
    template <typename Function>
    void add(std::string name, bool peer, Function sort) {
        all_.push_back({std::move(name), peer,
                        [sort](void* keys, std::size_t n) { sort(static_cast<Key*>(keys), n); }});
    }

    void add_kernel_kind([[maybe_unused]] const std::string& suffix,
                         [[maybe_unused]] KernelSort sort,
                         [[maybe_unused]] KernelListSort list_sort) {
        add("kernel_sort" + suffix, true,
            [sort](Key* a, std::size_t n) { sort(a, n, sizeof(Key), compare<Key>, nullptr); });
        const auto items = room(n_ * sizeof(Item<Key>));
        add("kernel_list_sort" + suffix, true,
            [list_sort, items](Key* a, std::size_t n) { by_list<Key>(list_sort, items, a, n); });
    }

    void add_kernel() {
#ifdef KMB_KERNEL_SORT_PLAIN
        add_kernel_kind("", kernel_sort_plain, kernel_list_sort_plain);
#endif
#ifdef KMB_KERNEL_SORT_RETPOLINE
        add_kernel_kind("_retpoline", kernel_sort_retpoline, kernel_list_sort_retpoline);
#endif
    }

    void add_packaged() {
        add("std_sort", true, [](Key* a, std::size_t n) { std::sort(a, a + n); });
        add("std_stable_sort", true, [](Key* a, std::size_t n) { std::stable_sort(a, a + n); });
        add("boost_pdqsort", true,
            [](Key* a, std::size_t n) { boost::sort::pdqsort_branchless(a, a + n); });
        add("boost_spreadsort", true,
            [](Key* a, std::size_t n) { boost::sort::spreadsort::integer_sort(a, a + n); });
        add("boost_spinsort", true, [](Key* a, std::size_t n) { boost::sort::spinsort(a, a + n); });
        add("boost_flat_stable_sort", true,
            [](Key* a, std::size_t n) { boost::sort::flat_stable_sort(a, a + n); });
    }

    void add_variant(const sort_variant& row) {
        const std::string name = row.name;
        // callbacks: see add_callbacks(); parallel without others to work is auto
        if ((row.flags & SORT_IDLE) != 0 || name == "callback" || name == "parallel" ||
            (row.max_n < 100'000 && n_ > kFew)) {
            return;
        }
        add(name, false,
            [type = type_, room = room(sort_scratch(&row, n_, type_)), &row](Key* a,
                                                                             std::size_t n) {
                sort_job job{};
                job.data = a;
                job.scratch = room->data();
                job.n = n;
                job.type = type;
                if (sort_run(&row, &job) != 0) {
                    throw std::runtime_error(std::string(row.name) + " failed");
                }
            });
    }

    // With the same comparator as the kernel's sort.
    void add_callbacks() {
        const auto memory = room(sort_callback_scratch(n_, sizeof(Key)));
        add("callback", false, [memory](Key* a, std::size_t n) {
            sort_elements e{};
            e.data = a;
            e.scratch = memory->data();
            e.n = n;
            e.size = sizeof(Key);
            e.compare = compare<Key>;
            sort_callback(&e);
        });
#ifdef KMB_OPAQUE_RETPOLINE
        add("callback_retpoline", false, [memory](Key* a, std::size_t n) {
            const auto sort = sizeof(Key) == 4 ? sort_opaque32_retpoline : sort_opaque64_retpoline;
            sort(a, memory->data(), n, compare<Key>, nullptr);
        });
#endif
    }

    static Room room(std::size_t bytes) {
        return std::make_shared<std::vector<std::uint64_t>>(bytes / 8 + 1);
    }

    sort_type type_;
    std::size_t n_;
    std::vector<Contestant> all_;
};

}  // namespace

std::vector<Contestant> contestants(sort_type type, std::size_t n) {
    switch (type) {
        case SORT_I32:
            return Table<std::int32_t>(type, n).all();
        case SORT_U32:
            return Table<std::uint32_t>(type, n).all();
        case SORT_I64:
            return Table<std::int64_t>(type, n).all();
        default:
            return Table<std::uint64_t>(type, n).all();
    }
}

}  // namespace kmb::cores
