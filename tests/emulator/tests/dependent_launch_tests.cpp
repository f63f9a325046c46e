// Dependent launches: those that may start while the one before them still runs, and wait for it themselves.
#include "session.h"

namespace
{

// An image whose kernels wait, as the compiled ones for 9.0 do.
const char* const kWaits = ".version 7.8\n.target sm_80\n.address_size 64\n.const .align 4 .u32 waits_for_launch_before = 1;\n";

struct Scale
{
    Session session;
    CUfunction function = nullptr;
    Buffer<float> x, y;
    uint32_t count = 128;

    explicit Scale(const char* image = kWaits) : x(session, count_up(128)), y(session, 128)
    {
        CUmodule module = nullptr;
        CHECK_OK(cuModuleLoadDataEx(&module, image, 0, nullptr, nullptr));
        CHECK_OK(cuModuleGetFunction(&function, module, "sound_scale"));
    }

    CUresult launch(CUlaunchAttributeID id, int value)
    {
        CUlaunchAttribute attribute{};
        attribute.id = id;
        attribute.value.programmaticStreamSerializationAllowed = value;
        CUlaunchConfig config{1, 1, 1, 128, 1, 1, 0, session.stream, &attribute, 1};
        void* parameters[] = {&x.pointer, &y.pointer, &count};
        return cuLaunchKernelEx(&config, function, parameters, nullptr);
    }

    CUresult launch_dependent(int value = 1) { return launch(CU_LAUNCH_ATTRIBUTE_PROGRAMMATIC_STREAM_SERIALIZATION, value); }
};

} // namespace

TEST(a_dependent_launch_runs_in_its_turn_and_is_counted)
{
    Scale scale;
    CHECK_OK(scale.launch_dependent());
    CHECK_OK(scale.launch_dependent(0));
    CHECK_OK(scale.launch(CU_LAUNCH_ATTRIBUTE_IGNORE, 1));
    CHECK(scale.y.read()[127] == 256);
    CHECK(reste_emulator_count("launches") == 3 && reste_emulator_count("dependent_launches") == 1);
}

TEST(launch_attributes_that_are_not_known_are_refused)
{
    Scale scale;
    CHECK_CODE(CUDA_ERROR_INVALID_VALUE, scale.launch(CUlaunchAttributeID(4), 1));
    CUlaunchConfig config{1, 1, 1, 128, 1, 1, 0, scale.session.stream, nullptr, 1};
    void* parameters[] = {&scale.x.pointer, &scale.y.pointer, &scale.count};
    CHECK_CODE(CUDA_ERROR_INVALID_VALUE, cuLaunchKernelEx(&config, scale.function, parameters, nullptr));
    CHECK_CODE(CUDA_ERROR_INVALID_VALUE, cuLaunchKernelEx(nullptr, scale.function, parameters, nullptr));
    config.numAttrs = 0;
    CHECK_OK(cuLaunchKernelEx(&config, scale.function, parameters, nullptr));
    CHECK(reste_emulator_count("launches") == 1 && reste_emulator_count("dependent_launches") == 0);
}

TEST(an_image_whose_kernels_do_not_wait_has_no_dependent_launches)
{
    Scale scale(kImage);
    CHECK_CODE(CUDA_ERROR_INVALID_VALUE, scale.launch_dependent());
    CHECK_OK(scale.launch_dependent(0));
}

TEST(an_older_device_knows_no_dependent_launches)
{
    setenv("RESTE_EMULATOR_CAPABILITY", "8.9", 1);
    Scale scale;
    CHECK_CODE(CUDA_ERROR_NOT_SUPPORTED, scale.launch_dependent());
}

TEST(in_a_graph_only_a_launch_after_a_launch_is_dependent)
{
    Scale scale;
    CHECK_OK(cuStreamBeginCapture_v2(scale.session.stream, CU_STREAM_CAPTURE_MODE_RELAXED));
    CHECK_CODE(CUDA_ERROR_INVALID_VALUE, scale.launch_dependent()); // the first
    CHECK_OK(scale.launch_dependent(0));
    CHECK_OK(scale.launch_dependent());
    CHECK_OK(cuMemsetD8Async(scale.x.pointer, 0, scale.x.bytes(), scale.session.stream));
    CHECK_CODE(CUDA_ERROR_INVALID_VALUE, scale.launch_dependent());
    CUgraph graph = nullptr;
    CHECK_OK(cuStreamEndCapture(scale.session.stream, &graph));
    CHECK_OK(cuGraphDestroy(graph));
}

TEST(the_version_of_the_driver_can_be_chosen)
{
    int version = 0;
    setenv("RESTE_EMULATOR_DRIVER", "12020", 1);
    CHECK_OK(cuDriverGetVersion(&version));
    CHECK(version == 12020);
}
