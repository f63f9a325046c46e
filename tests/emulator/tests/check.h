// A test framework of a dozen lines: TEST(name) { CHECK(...); }, one case a process.
#pragma once

#include "cuda_driver.h"

#include <stdio.h>
#include <stdlib.h>
#include <string>

struct TestCase
{
    const char* name;
    void (*body)();
    TestCase* next;

    static TestCase* first;

    TestCase(const char* name, void (*body)()) : name(name), body(body), next(first) { first = this; }
};

#define TEST(name)                                     \
    static void test_##name();                         \
    static TestCase case_##name(#name, &test_##name);  \
    static void test_##name()

#define CHECK(condition)                                                            \
    do                                                                              \
    {                                                                               \
        if (!(condition))                                                           \
        {                                                                           \
            printf("%s:%d: not so: %s\n", __FILE__, __LINE__, #condition);          \
            exit(1);                                                                \
        }                                                                           \
    } while (false)

// The call's result has to be this code.
#define CHECK_CODE(code, call)                                                                                      \
    do                                                                                                              \
    {                                                                                                               \
        int actual = (call);                                                                                        \
        if (actual != (code))                                                                                       \
        {                                                                                                           \
            printf("%s:%d: %s: expected %d, got %d\n", __FILE__, __LINE__, #call, int(code), actual);               \
            exit(1);                                                                                                \
        }                                                                                                           \
    } while (false)

#define CHECK_OK(call) CHECK_CODE(CUDA_SUCCESS, call)
