// Shuffles and ballots.
#include "session.h"

namespace
{

std::vector<int32_t> lane_values(uint32_t count)
{
    std::vector<int32_t> values;
    for (uint32_t i = 0; i < count; i++)
        values.push_back(int32_t(1000 + 7 * i));
    return values;
}

void check_shuffles(const Session& session, uint32_t block, uint32_t operand, int32_t width)
{
    std::vector<int32_t> x = lane_values(block);
    Buffer<int32_t> input(session, x), output(session, 4 * block);
    session.launch("test_shuffles", 1, block, {&input.pointer, &output.pointer, &operand, &width});
    std::vector<int32_t> y = output.read();
    uint32_t w = uint32_t(width);
    for (uint32_t i = 0; i < block; i++)
    {
        uint32_t segment = i / w * w, place = i % w;
        CHECK(y[i] == x[segment + operand % w]);
        CHECK(y[block + i] == x[place + operand < w ? i + operand : i]);
        CHECK(y[2 * block + i] == x[(place ^ operand) < w ? i ^ operand : i]);
        uint32_t ballot = 0;
        for (uint32_t lane = 0; lane < 32; lane++)
            ballot |= uint32_t(x[i / 32 * 32 + lane] % 3 == 0) << lane;
        CHECK(uint32_t(y[3 * block + i]) == ballot);
    }
}

} // namespace

TEST(shuffles_and_ballots_for_every_operand_width_and_order)
{
    Session session;
    for (int order = 0; order < 3; order++)
    {
        reste_emulator_set_order(order, 3);
        for (int32_t width = 1; width <= 32; width *= 2)
            for (uint32_t operand = 0; operand < 32; operand++)
                check_shuffles(session, 64, operand, width);
    }
}

TEST(shuffles_in_blocks_of_every_number_of_warps)
{
    Session session;
    for (uint32_t block = 32; block <= 1024; block += 32)
        check_shuffles(session, block, block / 32 % 32, 32);
}

// Lanes that do not exist are not waited for.
TEST(a_last_warp_may_be_short)
{
    Session session;
    for (uint32_t block : {1u, 5u, 31u, 33u, 48u, 1023u})
    {
        uint32_t operand = 0;
        int32_t width = 32;
        Buffer<int32_t> x(session, lane_values(block)), y(session, 4 * block);
        session.launch("test_shuffles", 1, block, {&x.pointer, &y.pointer, &operand, &width});
        std::vector<int32_t> got = y.read();
        for (uint32_t i = 0; i < block; i++)
            CHECK(got[i] == int32_t(1000 + 7 * (i / 32 * 32)));
    }
}

TEST(lanes_exchange_every_type)
{
    Session session;
    std::vector<double> doubles;
    std::vector<float> floats;
    std::vector<int64_t> wide;
    std::vector<uint32_t> words;
    for (int i = 0; i < 32; i++)
    {
        doubles.push_back(0.25 + i);
        floats.push_back(0.5f + float(i));
        wide.push_back((int64_t(1) << 40) + i);
        words.push_back(uint32_t(i));
    }
    Buffer<double> a(session, doubles);
    Buffer<float> b(session, floats);
    Buffer<int64_t> c(session, wide);
    Buffer<uint32_t> d(session, words);
    session.launch("test_shuffle_types", 1, 32, {&a.pointer, &b.pointer, &c.pointer, &d.pointer});
    for (size_t i = 0; i < 32; i++)
    {
        CHECK(a.read()[i] == 504.0);
        CHECK(b.read()[i] == 512.0f);
        CHECK(c.read()[i] == (int64_t(32) << 40) + 496);
        CHECK(d.read()[i] == 496);
    }
}

TEST(parts_of_a_warp_meet_apart)
{
    Session session;
    for (int order = 0; order < 3; order++)
    {
        reste_emulator_set_order(order, 11);
        Buffer<uint32_t> y(session, 96);
        session.launch("test_half_masks", 1, 96, {&y.pointer});
        std::vector<uint32_t> got = y.read();
        for (uint32_t i = 0; i < 96; i++)
            CHECK(got[i] == (i % 32 < 16 ? 120u : 376u));
    }
}
