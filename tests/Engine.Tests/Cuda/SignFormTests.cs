using ReSTE.Native.Devices.Cuda;
using ReSTE.Native.Engine.Tests.Operations;
using ReSTE.Native.Engine.Tests.Tapes;
using ReSTE.Native.Estimators;
using ReSTE.Native.Operations;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Engine.Tests.Cuda;

/// <summary>
/// Every form in which tensor cores multiply signs, whatever the GPU's own: the counts against a sum by coordinates, the units against
/// those of the plain form of the same GPU.
/// </summary>
[Trait("Category", "Device")]
public sealed class SignFormTests
{
    private const int Seed = 23;

    // What a form may trip over: half-filled words, an odd and an even number of them, a last round that is not whole, filters of more
    // rounds than lie in shared memory, tiles of filters and of pixels that are not full, taps of which none or all lie in the padding.
    private static readonly string[] s_counted =
    [
        "1x1x1x1 8 1 1 0", "1x1x1x5 8 3 1 1", "1x4x40x8 24 3 1 1", "2x2x2x64 72 3 1 1", "3x9x8x16 48 1 2 0", "1x3x3x130 40 3 2 1",
        "2x7x5x33 16 5 1 2", "1x9x9x72 32 5 2 1", "1x17x15x3 64 7 2 3", "1x8x9x150 16 7 1 3", "1x4x4x257 128 3 2 1", "1x5x4x512 32 3 1 1",
        "9x4x4x64 32 3 1 1", "1x3x3x3584 8 3 1 1", "1x2x2x40 8 3 1 3", "1x6x6x32 16 2 3 0", "1x9x9x2 8 9 1 4",
        "1x4x5x224 32 3 1 1", "1x4x5x256 16 3 1 1", "1x3x3x1024 16 1 1 0", "1x3x4x2048 8 2 1 1",
    ];

    private static readonly string[] s_units =
    [
        "3x5x3x16 16 3 1 1", "5x9x7x16 32 3 2 1", "1x7x9x64 128 3 2 1", "1x5x4x320 64 3 1 1", "2x6x5x24 32 5 1 2", "1x7x9x40 128 1 1 0",
    ];

    public static TheoryData<string, string> Counted => Every(s_counted);

    public static TheoryData<string, string> Units => Every(s_units);

    [Theory]
    [MemberData(nameof(Counted))]
    public void A_form_counts_exactly(string form, string name)
    {
        GpuUnderTest.Require();
        ConvGeometry g = ConvCases.Parse(name);
        double[] x = SampleValues.Mixed(Seed, "x", g.Input.Count), w = SampleValues.Mixed(Seed, "w", g.Weight.Count);
        double[] expected = BinaryConvTests.PlainSum(g, x, w);
        foreach (string order in GpuUnderTest.Orders)
            GpuUnderTest.Use(order, Enum.Parse<SignForm>(form), device => Assert.Equal(expected, Comparison.Outputs(device, Seed, bench =>
            {
                Tensor xBits = bench.Signs("x", g.Input, x), wBits = bench.Signs("w", g.Weight, w);
                Tensor y = bench.Output("y", g.Output, Tolerances.Exact);
                return kernels => kernels.BinaryConvForward(xBits, wBits, null, g, y, null);
            })["y"]));
    }

    // All that follows the counts is the same kernels, so every result has the same bits.
    [Theory]
    [MemberData(nameof(Units))]
    public void A_unit_has_the_same_bits_in_every_form(string form, string name)
    {
        GpuUnderTest.Require();
        foreach (bool training in new[] { true, false })
        {
            var unit = new UnitCase(ConvCases.Parse(name), UnitUse.OwnShortcut, new Reste(), training);
            UnitRun? own = null;
            foreach (string order in GpuUnderTest.Orders)
            {
                if (own == null)
                    GpuUnderTest.Use(order, device => own = UnitRun.Of(device, unit));
                GpuUnderTest.Use(order, Enum.Parse<SignForm>(form), device => Snapshot.AssertSame($"{form}, {order}: {unit}", own!.Values,
                    UnitRun.Of(device, unit).Values));
            }
        }
    }

    [Theory]
    [InlineData(nameof(SignForm.And), "binary_conv_mma")]
    [InlineData(nameof(SignForm.Xor), "binary_conv_mma_xor")]
    [InlineData(nameof(SignForm.Int8), "binary_conv_mma_int8")]
    public void A_form_is_the_kernel_of_its_name(string form, string kernel)
    {
        GpuUnderTest.Require();
        Assert.Equal(kernel, Recorded(Enum.Parse<SignForm>(form), ConvCases.Parse("1x4x4x16 8 3 1 1")));
    }

    [Theory]
    [InlineData("1x4x4x16 12 3 1 1")]
    [InlineData("1x9x9x2 8 9 1 4")]
    public void Filters_that_suit_no_tile_take_the_plain_kernel(string geometry)
    {
        GpuUnderTest.Require();
        Assert.Equal("binary_conv", Recorded(SignForm.Xor, ConvCases.Parse(geometry)));
    }

    private static string Recorded(SignForm form, ConvGeometry g)
    {
        string kernel = "";
        GpuUnderTest.Use(GpuUnderTest.Orders[0], form, device => Comparison.Outputs(device, Seed, bench =>
        {
            Tensor x = bench.Signs("x", g.Input), w = bench.Signs("w", g.Weight), y = bench.Output("y", g.Output, Tolerances.Exact);
            return kernels =>
            {
                kernels.BinaryConvForward(x, w, null, g, y, null);
                kernel = device.List("convolution", (k, _) => k.BinaryConvForward(x, w, null, g, y, null))[^1].Launch.Kernel;
            };
        }));
        return kernel;
    }

    private static TheoryData<string, string> Every(string[] names)
    {
        var data = new TheoryData<string, string>();
        foreach (string form in Enum.GetNames<SignForm>())
            foreach (string name in names)
                data.Add(form, name);
        return data;
    }
}
