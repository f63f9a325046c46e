#include "check.h"

#include <string.h>

TestCase* TestCase::first = nullptr;

int main(int count, char** arguments)
{
    for (TestCase* test = TestCase::first; test != nullptr; test = test->next)
    {
        if (count == 2 && strcmp(arguments[1], test->name) == 0)
        {
            test->body();
            return 0;
        }
    }
    fprintf(stderr, "usage: emulator-tests <case>\n");
    for (TestCase* test = TestCase::first; test != nullptr; test = test->next)
        fprintf(stderr, "  %s\n", test->name);
    return 2;
}
