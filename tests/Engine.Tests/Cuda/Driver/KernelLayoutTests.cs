using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using ReSTE.Native.Devices.Cuda;

namespace ReSTE.Native.Engine.Tests.Cuda.Driver;

/// <summary>The driver reads a parameter where the layout says it lies; compared with the address of each field.</summary>
public sealed unsafe class KernelLayoutTests
{
    [Fact]
    public void Mixed_fields_lie_where_the_compiler_put_them()
    {
        Mixed args = default;
        byte* start = (byte*)&args;
        Assert.Equal([(byte*)&args.Flag - start, (byte*)&args.X - start, (byte*)&args.Rows - start, (byte*)&args.Scale - start,
            (byte*)&args.Sum - start], KernelLayout<Mixed>.Offsets.Select(o => (long)o));
        Assert.Equal(["Flag", "X", "Rows", "Scale", "Sum"], KernelLayout<Mixed>.Parameters.Select(p => p.Name));
        Assert.Equal([1, 8, 4, 4, 8], KernelLayout<Mixed>.Parameters.Select(p => p.Size));
    }

    [Fact]
    public void Positional_properties_are_parameters_in_their_order()
    {
        Assert.Equal(["X", "Count", "Y", "Rate", "G", "Last"], KernelLayout<Positional>.Parameters.Select(p => p.Name));
        Assert.Equal([typeof(Ptr<float>), typeof(uint), typeof(Ptr<double>), typeof(float), typeof(Geometry), typeof(int)],
            KernelLayout<Positional>.Parameters.Select(p => p.Type));
    }

    [Fact]
    public void Nested_struct_is_one_parameter()
    {
        KernelParameter nested = KernelLayout<Positional>.Parameters[4];
        Assert.Equal(12, nested.Size);
        var args = new Positional(new(0x1111), 7, new(0x2222), 0.5f, new Geometry(1, 2, 3), -9);
        byte* start = (byte*)&args;
        int[] at = KernelLayout<Positional>.Offsets;
        Assert.Equal(0x1111, *(nint*)(start + at[0]));
        Assert.Equal(7u, *(uint*)(start + at[1]));
        Assert.Equal(0x2222, *(nint*)(start + at[2]));
        Assert.Equal(0.5f, *(float*)(start + at[3]));
        Assert.Equal(new Geometry(1, 2, 3), *(Geometry*)(start + at[4]));
        Assert.Equal(-9, *(int*)(start + at[5]));
    }

    [Fact]
    public void Single_field_and_pointer_sizes()
    {
        Assert.Equal([0], KernelLayout<Ptr<byte>>.Offsets);
        Assert.Equal(8, Unsafe.SizeOf<Ptr<float>>());
    }

    [Fact]
    public void Other_layouts_are_refused() => Assert.Throws<ArgumentException>(() => KernelLayout.Measure(typeof(Overlaid)));

    [Fact]
    public void Arguments_read_well() => Assert.Equal("Small { X = Single* 0xff, Count = 3 }", new Small(new(255), 3).ToString());

    private struct Mixed
    {
#pragma warning disable CS0649 // only their addresses matter
        public byte Flag;
        public Ptr<float> X;
        public uint Rows;
        public float Scale;
        public double Sum;
#pragma warning restore CS0649
    }

    [StructLayout(LayoutKind.Explicit)]
    private struct Overlaid
    {
        [FieldOffset(0)]
        public int A;
    }

    private readonly record struct Geometry(uint N, uint H, uint W);

    private readonly record struct Small(Ptr<float> X, uint Count);

    private readonly record struct Positional(Ptr<float> X, uint Count, Ptr<double> Y, float Rate, Geometry G, int Last);
}
