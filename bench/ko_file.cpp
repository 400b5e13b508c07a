#include "bench/ko_file.h"

#include <elf.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <stdexcept>
#include <string_view>

namespace kmb::bench {
namespace {

// Bytes of an ELF file, read with bounds: a file may be anything.
class Elf {
  public:
    Elf(std::string path, std::string bytes) : path_(std::move(path)), bytes_(std::move(bytes)) {
        head_ = at<Elf64_Ehdr>(0);
        if (std::memcmp(head_.e_ident, ELFMAG, SELFMAG) != 0 ||
            head_.e_ident[EI_CLASS] != ELFCLASS64 || head_.e_type != ET_REL) {
            refuse("not a kernel module (.ko)");
        }
        if (head_.e_machine != EM_X86_64) {
            refuse("a module for another processor; this program measures x86-64");
        }
    }

    // Bytes of a section, empty where there is none of this name.
    [[nodiscard]] std::string_view section(std::string_view name) const {
        const auto names = header(head_.e_shstrndx);
        for (unsigned i = 0; i < head_.e_shnum; ++i) {
            const auto one = header(i);
            const auto text = part(names.sh_offset + one.sh_name, name.size() + 1);
            if (text.substr(0, name.size()) == name && text.back() == '\0') {
                return part(one.sh_offset, one.sh_size);
            }
        }
        return {};
    }

    [[noreturn]] void refuse(const char* why) const {
        throw std::runtime_error(fmt::format("{}: {}", path_, why));
    }

  private:
    [[nodiscard]] std::string_view part(std::uint64_t offset, std::uint64_t size) const {
        if (offset > bytes_.size() || size > bytes_.size() - offset) {
            refuse("damaged: a section lies beyond the end of the file");
        }
        return std::string_view(bytes_).substr(offset, size);
    }
    template <typename T>
    [[nodiscard]] T at(std::uint64_t offset) const {
        if (offset > bytes_.size() || sizeof(T) > bytes_.size() - offset) {
            refuse("not a kernel module (.ko), or cut short");
        }
        T value;
        std::memcpy(&value, bytes_.data() + offset, sizeof value);
        return value;
    }
    [[nodiscard]] Elf64_Shdr header(unsigned index) const {
        return at<Elf64_Shdr>(head_.e_shoff + std::uint64_t{index} * sizeof(Elf64_Shdr));
    }
    std::string path_;
    std::string bytes_;
    Elf64_Ehdr head_{};
};

std::string slurp(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file || std::filesystem::is_directory(path)) {
        throw std::runtime_error(path + ": no such file, or not readable");
    }
    return {std::istreambuf_iterator<char>(file), {}};
}

// The description in a note "GNU": namesz, descsz, type, "GNU\0", bytes.
std::string build_id(std::string_view note) {
    std::string text;
    if (note.size() > 16) {
        std::uint32_t size = 0;
        std::memcpy(&size, note.data() + 4, sizeof size);
        for (const char byte : note.substr(16, size)) {
            text += fmt::format("{:02x}", static_cast<unsigned char>(byte));
        }
    }
    return text;
}

}  // namespace

KoFile read_ko(const std::string& path) {
    const std::string bytes = slurp(path);
    for (const auto& [magic, program] :
         {std::pair{"\xfd"
                    "7zXZ",
                    "xz"},
          std::pair{"\x28\xb5\x2f\xfd", "zstd"}, std::pair{"\x1f\x8b", "gzip"}}) {
        if (bytes.rfind(magic, 0) == 0) {
            throw std::runtime_error(
                fmt::format("{0}: compressed; unpack it first: {1} -dk {0}", path, program));
        }
    }
    const Elf elf(path, bytes);
    const auto info = elf.section(".modinfo");
    if (info.empty()) {
        elf.refuse("not a kernel module: an object file without .modinfo");
    }
    KoFile ko;
    std::istringstream entries{std::string(info)};
    for (std::string entry; std::getline(entries, entry, '\0');) {
        const auto equals = entry.find('=');
        if (equals == std::string::npos) {
            continue;
        }
        const auto key = entry.substr(0, equals);
        const auto value = entry.substr(equals + 1);
        if (key == "name") {
            ko.name = value;
        } else if (key == "vermagic") {
            ko.release = value.substr(0, value.find(' '));
        } else if (key == "depends") {
            ko.depends = value;
        } else if (key == "parmtype") {
            ko.parameters.push_back(value.substr(0, value.find(':')));
        }
    }
    if (ko.name.empty()) {
        ko.name = std::filesystem::path(path).stem().string();
        std::replace(ko.name.begin(), ko.name.end(), '-', '_');
    }
    ko.build_id = build_id(elf.section(".note.gnu.build-id"));
    return ko;
}

void check_ko(const KoFile& ko, const std::string& path, const std::string& release,
              const std::string& kdir, const std::string& parameters) {
    if (ko.release != release) {
        throw std::runtime_error(fmt::format(
            "{}: built for kernel {}, and the one to be measured is {}; build it for that: make "
            "-C {} M={} modules",
            path, ko.release.empty() ? "(it does not say)" : ko.release, release, kdir,
            std::filesystem::absolute(path).parent_path().string()));
    }
    std::istringstream words(parameters);
    for (std::string word; words >> word;) {
        const auto name = word.substr(0, word.find('='));
        if (std::find(ko.parameters.begin(), ko.parameters.end(), name) == ko.parameters.end()) {
            // The kernel would ignore it, and the run would measure something else.
            throw std::runtime_error(fmt::format(
                "{}: no parameter '{}'; the module has: {}", path, name,
                ko.parameters.empty() ? "none"
                                      : fmt::format("{}", fmt::join(ko.parameters, ", "))));
        }
    }
}

}  // namespace kmb::bench
