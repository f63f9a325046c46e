using System.Reflection;
using ReSTE.Native.Slopes;

namespace ReSTE.Native.Engine.Tests.Operations;

/// <summary>Every slope there is.</summary>
internal static class SlopeKinds
{
    public static IReadOnlyList<SlopeKind> All { get; } =
        [.. typeof(SlopeKind).GetProperties(BindingFlags.Public | BindingFlags.Static).Select(p => (SlopeKind)p.GetValue(null)!)];

    public static SlopeKind Named(string name) => All.Single(slope => slope.Name == name);
}
