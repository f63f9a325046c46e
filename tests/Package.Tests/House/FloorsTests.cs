using System.Reflection;
using ReSTE.Native.Training;

namespace ReSTE.Native.Package.Tests.House;

/// <summary>The engine is a stack of rooms: none uses one above it, none one beside it.</summary>
public sealed class FloorsTests
{
    private const string Root = "ReSTE.Native.", Tape = "Tapes";

    private static readonly Assembly s_engine = typeof(Trainer).Assembly;

    [Fact]
    public void No_room_uses_one_above_or_beside_it()
    {
        IReadOnlyDictionary<string, int> floors = Floors.Read();
        string[] wrong = [.. Arrows().Where(a => Room(a.From) != Room(a.To))
            .Where(a => floors.GetValueOrDefault(Room(a.From)) <= floors.GetValueOrDefault(Room(a.To)))
            .Select(a => $"{Room(a.From)} uses {Room(a.To)}: {a.From.FullName} refers to {a.To.FullName}").Order(StringComparer.Ordinal)];
        Assert.True(wrong.Length == 0, "arrows that do not point downwards in docs/architecture.md:\n" + string.Join('\n', wrong));
    }

    [Fact]
    public void Every_room_has_its_floor_and_every_floor_its_rooms() =>
        Assert.Equal(Floors.Read().Keys.Order(StringComparer.Ordinal), Rooms().Order(StringComparer.Ordinal));

    [Fact]
    public void From_the_ground_to_the_devices_nothing_knows_the_tape()
    {
        IReadOnlyDictionary<string, int> floors = Floors.Read();
        Assert.All(floors.Where(f => f.Key.StartsWith("Devices", StringComparison.Ordinal)),
            f => Assert.True(f.Value < floors[Tape], f.Key));
    }

    // The reading itself: a room is known to use what its code names in bodies, in signatures and as a base.
    [Theory]
    [InlineData("Training.Trainer", "Networks.Network")]
    [InlineData("Training.Pass", "Ops.SoftmaxCrossEntropy")]
    [InlineData("Estimators.Estimator", "Ops.BinarizeWeights")]
    [InlineData("Devices.Cpu.CpuDevice", "Devices.HostMemoryDevice")]
    public void The_compiled_code_shows_what_is_used(string from, string to) =>
        Assert.Contains((Root + from, Root + to), Arrows().Select(a => (a.From.FullName!, a.To.FullName!)));

    private static IEnumerable<(Type From, Type To)> Arrows() => TypeReferences.In(s_engine).Where(a => IsOurs(a.From) && IsOurs(a.To));

    private static IEnumerable<string> Rooms() => s_engine.GetTypes().Where(IsOurs).Select(Room).Distinct();

    private static bool IsOurs(Type type) => type.Namespace?.StartsWith(Root, StringComparison.Ordinal) == true;

    private static string Room(Type type) => type.Namespace![Root.Length..];
}
