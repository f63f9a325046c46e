using System.Runtime.InteropServices;
using ReSTE.Native.Devices;
using ReSTE.Native.Devices.Cuda;
using ReSTE.Native.Operations;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Engine.Tests.Cuda;

/// <summary>
/// What is streamed to the GPU arrives before the work that reads it, and not before the work that reads what lay there is done.
/// </summary>
[Trait("Category", "Device")]
public sealed class CudaStagingTests
{
    private const int Slots = 2, Values = 300;

    [Fact]
    public void Work_asked_for_after_a_slot_was_sent_finds_it()
    {
        using var rig = new Rig();
        rig.Fill(1, 7);
        rig.Staging.Send(1);
        rig.Read(1, rig.First);
        Assert.All(rig.Result(rig.First), v => Assert.Equal(7, v));
    }

    [Fact]
    public void A_slot_is_overwritten_when_the_work_that_reads_it_is_done_and_not_before()
    {
        using var rig = new Rig();
        rig.Fill(0, 7);
        rig.Staging.Send(0);
        rig.Read(0, rig.First);
        rig.Staging.Release(0);
        rig.Staging.AwaitRoom(0);
        rig.Fill(0, 8);
        rig.Staging.Send(0);
        rig.Staging.AwaitRoom(0); // the upload stream gets as far as it may before anybody waits for the work
        rig.Read(0, rig.Second);
        Assert.All(rig.Result(rig.First), v => Assert.Equal(7, v));
        Assert.All(rig.Result(rig.Second), v => Assert.Equal(8, v));
    }

    [Fact]
    public void Room_that_was_awaited_may_be_written_while_the_device_reads_the_slot()
    {
        using var rig = new Rig();
        rig.Fill(0, 7);
        rig.Staging.Send(0);
        rig.Read(0, rig.First);
        rig.Staging.AwaitRoom(0);
        rig.Fill(0, 8);
        Assert.All(rig.Result(rig.First), v => Assert.Equal(7, v));
    }

    [Fact]
    public void Streaming_allocates_nothing()
    {
        using var rig = new Rig();
        void Step(int slot)
        {
            rig.Staging.AwaitRoom(slot);
            rig.Fill(slot, 1);
            rig.Staging.Send(slot);
            rig.Staging.Release(slot);
        }

        Step(0);
        Step(1);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int step = 0; step < 20; step++)
            Step(step % Slots);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private sealed class Rig : IDisposable
    {
        private readonly CudaDevice _device;
        private readonly Slab _slab;
        private readonly Tensor[] _slots;

        public Rig()
        {
            GpuUnderTest.Require();
            _device = GpuUnderTest.Open();
            _slab = new Slab(_device);
            Tensor ring = _slab.Place(_device.NewTensor("ring", new Shape(Slots, Values)));
            _slots = [.. Enumerable.Range(0, Slots).Select(i => _device.NewTensor($"slot {i}", new Shape(Values)))];
            First = _slab.Place(_device.NewTensor("first", new Shape(Values)));
            Second = _slab.Place(_device.NewTensor("second", new Shape(Values)));
            _slab.Commit();
            for (int i = 0; i < Slots; i++)
                _slots[i].Address = ring.Address + i * Values * sizeof(float);
            Staging = _device.NewStaging([ring], Slots);
        }

        public Staging Staging { get; }

        public Tensor First { get; }

        public Tensor Second { get; }

        public void Fill(int slot, float value) => MemoryMarshal.Cast<byte, float>(Staging.Room(0, slot)).Fill(value);

        /// <summary>Asks for work that reads a slot.</summary>
        public void Read(int slot, Tensor into) => _device.Kernels.Accumulate(_slots[slot], into, GradMode.Write);

        public double[] Result(Tensor tensor) => _device.ReadReals(tensor);

        public void Dispose()
        {
            Staging.Dispose();
            _slab.Dispose();
            _device.Dispose();
        }
    }
}
