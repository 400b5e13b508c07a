// mutate CORPUS SECONDS SEED: a small fuzzer for where libFuzzer is not: changes the files
// of a folder at random, hands them to the target, and says how many. Ends by a signal
// where the target does; what did it was the input number that stands in the last line.
#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

using Bytes = std::string;
using Random = std::mt19937_64;

// Pieces of the formats, so that chance gets past the first line.
const char* const kWords[] = {"kmodbench-samples: 1\n",
                              "columns: rep start total user\n",
                              "end: 1 ",
                              "round: ",
                              "batch: 0\n",
                              "-",
                              "9223372036854775807",
                              "-9223372036854775808",
                              "1e309",
                              "nan",
                              "-inf",
                              ",",
                              ";",
                              "\t",
                              "\"",
                              "\n",
                              "\r\n",
                              "@file ../x\n",
                              "@file a\n",
                              "@done 0\n",
                              "{",
                              "[[[[",
                              "null",
                              "\\u0000",
                              "#",
                              " "};

std::size_t below(Random& random, std::size_t n) {
    return n == 0 ? 0 : random() % n;
}

void change(Bytes& bytes, const std::vector<Bytes>& corpus, Random& random) {
    const std::size_t at = below(random, bytes.size() + 1);
    const std::size_t length = below(random, std::min<std::size_t>(bytes.size() - at, 64) + 1);
    switch (random() % 7) {
        case 0:
            bytes.erase(at, length);
            break;
        case 1:
            bytes.insert(at, kWords[below(random, std::size(kWords))]);
            break;
        case 2:
            bytes.insert(at, bytes.substr(at, length));
            break;
        case 3: {
            const Bytes& other = corpus[below(random, corpus.size())];
            bytes.insert(at, other.substr(below(random, other.size()), 200));
            break;
        }
        case 4:
            bytes.resize(at);
            break;
        default:
            if (at < bytes.size()) {
                bytes[at] = static_cast<char>(random());
            }
    }
    if (bytes.size() > 16384) {
        bytes.resize(16384);
    }
}

std::vector<Bytes> read_corpus(const std::string& folder) {
    std::vector<std::filesystem::path> paths;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        paths.push_back(entry.path());
    }
    std::sort(paths.begin(), paths.end());
    std::vector<Bytes> corpus;
    for (const auto& path : paths) {
        std::ifstream file(path, std::ios::binary);
        corpus.emplace_back(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
    }
    return corpus;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 4) {
        std::fprintf(stderr, "usage: mutate CORPUS SECONDS SEED\n");
        return 2;
    }
    const auto corpus = read_corpus(argv[1]);
    if (corpus.empty()) {
        std::fprintf(stderr, "mutate: %s: no file\n", argv[1]);
        return 2;
    }
    Random random(std::strtoull(argv[3], nullptr, 10));
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(std::atoi(argv[2]));
    std::uint64_t inputs = 0;
    static std::uint64_t* const current = &inputs;
    std::signal(SIGABRT, [](int) {
        std::fprintf(stderr, "input %llu of this seed\n",
                     static_cast<unsigned long long>(*current));
    });
    for (const Bytes& bytes : corpus) {
        LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
    }
    while (std::chrono::steady_clock::now() < end) {
        Bytes bytes = corpus[below(random, corpus.size())];
        for (std::size_t changes = 1 + below(random, 8); changes > 0; --changes) {
            change(bytes, corpus, random);
        }
        LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
        ++inputs;
    }
    std::printf("%llu inputs, none broke a parser\n", static_cast<unsigned long long>(inputs));
    return 0;
}
