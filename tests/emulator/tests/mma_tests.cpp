// Where the matrix instructions keep their matrices: the layouts that the plain bodies compute by, against the tables of the PTX ISA,
// sections "Matrix fragments for mma.m16n8k16 with floating point type", "... m16n8k8", "... m16n8k32" and "... m16n8k256", written down
// here a second
// time, by element.
#include "check.h"

#include "cuda_emulator.h"

#include "../../../kernels/real_forms.cuh"

namespace
{

struct Element
{
    uint32_t row, column;
};

// bf16: elements i of a lane, two to a register. g is groupID, t threadID_in_group of the tables.
Element bf16_a(uint32_t g, uint32_t t, uint32_t i)
{
    bool upper = i < 2 || (i >= 4 && i < 6);
    return {upper ? g : g + 8, i < 4 ? t * 2 + (i & 1) : t * 2 + (i & 1) + 8};
}

Element bf16_b(uint32_t g, uint32_t t, uint32_t i)
{
    return {i < 2 ? t * 2 + (i & 1) : t * 2 + (i & 1) + 8, g};
}

// int8: elements i of a lane, four to a register.
Element int8_a(uint32_t g, uint32_t t, uint32_t i)
{
    bool upper = i < 4 || (i >= 8 && i < 12);
    return {upper ? g : g + 8, i < 8 ? t * 4 + (i & 3) : t * 4 + (i & 3) + 16};
}

Element int8_b(uint32_t g, uint32_t t, uint32_t i)
{
    return {i < 4 ? t * 4 + (i & 3) : t * 4 + (i & 3) + 16, g};
}

// tf32: elements i of a lane, one to a register.
Element tf32_a(uint32_t g, uint32_t t, uint32_t i)
{
    return {i == 0 || i == 2 ? g : g + 8, i == 0 || i == 1 ? t : t + 4};
}

Element tf32_b(uint32_t g, uint32_t t, uint32_t i)
{
    return {i == 0 ? t : t + 4, g};
}

// Bits: elements i of a lane, 32 to a register.
Element bits_a(uint32_t g, uint32_t t, uint32_t i)
{
    bool upper = i < 32 || (i >= 64 && i < 96);
    return {upper ? g : g + 8, i < 64 ? t * 32 + (i & 0x1F) : t * 32 + (i & 0x1F) + 128};
}

Element bits_b(uint32_t g, uint32_t t, uint32_t i)
{
    return {i < 32 ? t * 32 + (i & 0x1F) : t * 32 + (i & 0x1F) + 128, g};
}

// D is the same in all.
Element any_d(uint32_t g, uint32_t t, uint32_t i)
{
    return {i < 2 ? g : g + 8, t * 2 + (i & 1)};
}

using Layout = MmaPlace (*)(uint32_t lane, uint32_t r);

// A second source: CUTLASS's traits of these instructions, which say by strides where a value lies in a matrix whose depth is the slower
// index: row + 16 depth in A and D, column + 8 depth in B.
struct Strides
{
    uint32_t group, step, value, odd, upper; // of g, t, the value's number in a register, and bits 0 and 1 of the register's
};

void check_strides(Layout layout, uint32_t registers, uint32_t values, uint32_t major, const Strides& s, bool depth_is_row)
{
    for (uint32_t lane = 0; lane < 32; lane++)
        for (uint32_t r = 0; r < registers; r++)
            for (uint32_t v = 0; v < values; v++)
            {
                MmaPlace place = layout(lane, r);
                uint32_t depth = (depth_is_row ? place.row : place.column) * values + v, other = depth_is_row ? place.column : place.row;
                CHECK(other + depth * major == lane / 4 * s.group + lane % 4 * s.step + v * s.value + r % 2 * s.odd + r / 2 * s.upper);
            }
}

using Table = Element (*)(uint32_t g, uint32_t t, uint32_t i);

// Compares a layout in 4-byte steps with a table by element, and prints it: lane and register by row and step.
void check_layout(const char* name, Layout layout, Table table, uint32_t registers, uint32_t elements, bool depth_is_row, uint32_t rows,
    uint32_t columns)
{
    char seen[16][8][32] = {};
    for (uint32_t lane = 0; lane < 32; lane++)
        for (uint32_t i = 0; i < registers * elements; i++)
        {
            uint32_t r = i / elements;
            Element element = table(lane / 4, lane % 4, i);
            uint32_t row = depth_is_row ? element.row / elements : element.row;
            uint32_t column = depth_is_row ? element.column : element.column / elements;
            CHECK(layout(lane, r).row == row && layout(lane, r).column == column);
            CHECK((depth_is_row ? element.row : element.column) % elements == i % elements);
            snprintf(seen[row][column], sizeof seen[row][column], "%2u:%u", lane, r);
        }
    printf("%s\n", name);
    for (uint32_t row = 0; row < rows; row++)
    {
        for (uint32_t column = 0; column < columns; column++)
        {
            CHECK(seen[row][column][0] != 0);
            printf(" %s", seen[row][column]);
        }
        printf("\n");
    }
}

} // namespace

TEST(layouts_of_matrix_instructions_are_the_published_ones)
{
    check_layout("A, bf16", place_in_a, bf16_a, kRegistersA, 2, false, kMmaRows, kMmaSteps);
    check_layout("B, bf16", place_in_b, bf16_b, kRegistersB, 2, true, kMmaSteps, kMmaColumns);
    check_layout("A, int8", place_in_a, int8_a, kRegistersA, 4, false, kMmaRows, kMmaSteps);
    check_layout("B, int8", place_in_b, int8_b, kRegistersB, 4, true, kMmaSteps, kMmaColumns);
    check_layout("A, tf32", place_in_a, tf32_a, kRegistersA, 1, false, kMmaRows, kMmaSteps);
    check_layout("B, tf32", place_in_b, tf32_b, kRegistersB, 1, true, kMmaSteps, kMmaColumns);
    check_layout("A, bits", place_in_a, bits_a, kRegistersA, 32, false, kMmaRows, kMmaSteps);
    check_layout("B, bits", place_in_b, bits_b, kRegistersB, 32, true, kMmaSteps, kMmaColumns);
    check_layout("D", place_in_d, any_d, kRegistersD, 1, false, kMmaRows, kMmaColumns);
}

TEST(layouts_of_matrix_instructions_are_those_of_a_second_source)
{
    check_strides(place_in_a, kRegistersA, 2, kMmaRows, {1, 32, 16, 8, 128}, false);
    check_strides(place_in_b, kRegistersB, 2, kMmaColumns, {1, 16, 8, 64, 0}, true);
    check_strides(place_in_a, kRegistersA, 4, kMmaRows, {1, 64, 16, 8, 256}, false);
    check_strides(place_in_b, kRegistersB, 4, kMmaColumns, {1, 32, 8, 128, 0}, true);
    check_strides(place_in_a, kRegistersA, 32, kMmaRows, {1, 512, 16, 8, 2048}, false);
    check_strides(place_in_b, kRegistersB, 32, kMmaColumns, {1, 256, 8, 1024, 0}, true);
    check_strides(place_in_d, kRegistersD, 1, kMmaRows, {1, 32, 0, 16, 8}, false);
}

TEST(two_parts_of_bf16_carry_sixteen_bits_of_a_number)
{
    for (float value : {1.0f, -1.0f / 3, 3.1415927f, -6.1e-5f, 1e30f, 0.0f})
    {
        uint4 parts = bf16_parts(value, -value, value * 3, 0);
        float high = __uint_as_float(parts.x << 16), low = __uint_as_float(parts.z << 16);
        CHECK(fabsf(value - high - low) <= fabsf(value) / 131072);
        CHECK(__uint_as_float(parts.x & 0xFFFF0000u) == -high);
    }
    CHECK(bf16_pair(1.00390625f, 1.01171875f) == 0x3F823F80u); // ties go to even
}

TEST(three_parts_of_bf16_are_a_whole_number)
{
    for (float value : {1.0f, -1.0f / 3, 3.1415927f, -6.1e-5f, 1e30f, 0.0f, 16777215.0f, 1.99999988f})
    {
        uint32_t bits = __float_as_uint(value);
        ThreeParts parts = three_parts(make_uint4(bits, bits ^ 0x80000000u, 0, bits));
        float high = __uint_as_float(parts.part[0][0] << 16), middle = __uint_as_float(parts.part[1][0] << 16);
        CHECK(high + middle + __uint_as_float(parts.part[2][0] << 16) == value);
        for (uint32_t part = 0; part < 3; part++)
        {
            uint32_t own = parts.part[part][0] << 16;
            CHECK(__uint_as_float(parts.part[part][0] & 0xFFFF0000u) == -__uint_as_float(own));
            CHECK(parts.part[part][1] == own);
        }
    }
}

TEST(tf32_keeps_ten_bits_of_the_mantissa)
{
    for (float value : {1.0f, -1.0f / 3, 3.1415927f, -6.1e-5f, 1e30f, 0.0f})
    {
        float rounded = __uint_as_float(tf32_rounded(value));
        CHECK(fabsf(value - rounded) <= fabsf(value) / 2048);
        CHECK((__float_as_uint(rounded) & 0x1FFFu) == 0);
    }
    CHECK(tf32_rounded(1.00048828125f) == 0x3F802000u); // ties go away from zero
    CHECK(__uint_as_float(tf32_rounded(INFINITY)) == INFINITY);
}
