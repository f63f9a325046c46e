using ReSTE.Native.Devices;
using ReSTE.Native.Engine.Tests.Operations;
using ReSTE.Native.Ops;
using ReSTE.Native.Tapes;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Engine.Tests.Tapes;

/// <summary>An update takes all parameters or a share of them, and leaves the rest, and every gap between them, alone.</summary>
public sealed class ParameterShareTests
{
    private static readonly (string Name, int Count, bool IsBinary)[] s_parameters =
        [("stem", 17, false), ("a", 33, true), ("bias", 1, false), ("b", 16, true), ("c", 5, true), ("last", 31, false)];

    [Theory]
    [InlineData("All", "stem a bias b c last")]
    [InlineData("Binary", "a b c")]
    [InlineData("Others", "stem bias last")]
    public void An_update_moves_its_share_alone(string name, string moved) => Comparison.OnEveryDevice(device =>
    {
        ParameterShare share = Enum.Parse<ParameterShare>(name);
        using var slab = new Slab(device, SlabMode.Guarded);
        var parameters = Placed(device, slab, p => p.States.Keep("momentum", share), out Tensor knobs);
        new SgdStep(parameters, share, "momentum", knobs).Forward(device.Kernels);
        foreach (Parameter p in parameters.Parameters)
        {
            // Rate 1/2 and gradient 2 take 1 off the values, which begin at 3.
            bool isMoved = moved.Split(' ').Contains(p.Name);
            Assert.All(p.Read(), value => Assert.Equal(isMoved ? 2 : 3, value));
            Assert.Equal(isMoved ? ["momentum"] : [], p.States.Keys);
            Assert.All(p.States.Values.SelectMany(state => state.Read()), value => Assert.Equal(2, value));
        }

        slab.CheckGuards();
        parameters.CheckGuards();
    });

    [Fact]
    public void Two_shares_may_keep_a_state_of_one_name_each_and_use_one_of_all() => Comparison.OnEveryDevice(device =>
    {
        using var slab = new Slab(device, SlabMode.Guarded);
        var parameters = Placed(device, slab, Keep, out Tensor knobs);
        Assert.Equal(["both", "mean"], parameters.Share(ParameterShare.Binary)!.States.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(["both", "momentum"], parameters.Share(ParameterShare.Others)!.States.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(["both"], parameters.Flat.States.Keys);
        new SgdStep(parameters, ParameterShare.Others, "both", knobs).Forward(device.Kernels);
        foreach (Parameter p in parameters.Parameters)
            Assert.All(p.States["both"].Read(), value => Assert.Equal(p.IsBinary ? 0 : 2, value));

        static void Keep(ParameterSet p)
        {
            p.States.Keep("mean", ParameterShare.Binary);
            p.States.Keep("momentum", ParameterShare.Others);
            p.States.Keep("both", ParameterShare.All);
            Assert.Throws<ArgumentException>(() => p.States.Keep("both", ParameterShare.Binary));
        }
    });

    [Fact]
    public void A_share_without_parameters_is_left_out() => Comparison.OnEveryDevice(device =>
    {
        using var slab = new Slab(device);
        var parameters = new ParameterSet(device);
        parameters.Parameter("w", PublishedLayout.Same(new Shape(3)), Initialisation.Constant(3));
        parameters.States.Keep("momentum", ParameterShare.Binary);
        Tensor knobs = parameters.Knobs.Named("k", 3);
        Commit(parameters, slab);
        Assert.Null(parameters.Share(ParameterShare.Binary));
        new SgdStep(parameters, ParameterShare.Binary, "momentum", knobs).Forward(device.Kernels);
        Assert.Equal([3, 3, 3], parameters.Parameters[0].Read());
    });

    private static ParameterSet Placed(Device device, Slab slab, Action<ParameterSet> keep, out Tensor knobs)
    {
        var parameters = new ParameterSet(device);
        foreach (var (name, count, isBinary) in s_parameters)
            parameters.Parameter(name, PublishedLayout.Same(new Shape(count)), Initialisation.Constant(3), isBinary);
        keep(parameters);
        knobs = parameters.Knobs.Named("k", 3);
        Commit(parameters, slab);
        parameters.Knobs.Set("k", 0.5, 0, 0);
        parameters.Knobs.Upload();
        foreach (Parameter p in parameters.Parameters)
            device.WriteReals(p.Variable.Gradient!, [.. Enumerable.Repeat(2.0, (int)p.Shape.Count)]);
        return parameters;
    }

    private static void Commit(ParameterSet parameters, Slab slab)
    {
        parameters.Place(slab);
        slab.Commit();
        parameters.Bind();
        parameters.Initialise(1);
    }
}
