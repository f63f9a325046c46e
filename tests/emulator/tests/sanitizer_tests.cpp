// Only in a build with RESTE_SANITIZE: an index outside a buffer ends the process.
#include "session.h"

#include <sys/wait.h>
#include <unistd.h>

namespace
{

void check_overflow(const char* kernel)
{
    std::string text = stderr_of([&] {
        pid_t child = fork();
        if (child == 0)
        {
            Session session;
            constexpr uint32_t count = 200; // not a multiple of anything: the first byte past it must count
            Buffer<float> x(session, count_up(count)), y(session, count);
            session.launch(kernel, 2, 128, {&x.pointer, &y.pointer, &count});
            session.synchronise();
            _exit(0);
        }
        int status = 0;
        waitpid(child, &status, 0);
        CHECK(!WIFEXITED(status) || WEXITSTATUS(status) != 0);
    });
    CHECK(text.find("heap-buffer-overflow") != std::string::npos);
    CHECK(text.find(kernel) != std::string::npos);
}

} // namespace

TEST(address_sanitizer_sees_a_write_outside)
{
    check_overflow("broken_off_by_one_write");
}

TEST(address_sanitizer_sees_a_read_outside)
{
    check_overflow("broken_off_by_one_read");
}
