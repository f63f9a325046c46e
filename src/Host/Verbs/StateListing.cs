using ReSTE.Native.Checkpoints;
using ReSTE.Native.Messages;

namespace ReSTE.Native.Host;

/// <summary>What a file of tensors holds, a line each, of whatever network it is.</summary>
internal static class StateListing
{
    public static void Write(StateDictionary state, TextWriter output)
    {
        output.WriteLine(Head(state));
        var width = state.Entries.Select(entry => Name(state, entry).Length).DefaultIfEmpty(0).Max();
        foreach (var entry in state.Entries)
            output.WriteLine($"{Name(state, entry).PadRight(width)}  {TypeName(entry),-5} [{string.Join(", ", entry.Shape)}]");
        foreach (var other in state.Others)
            output.WriteLine($"{OneLine.Of(other)}  no tensor");
    }

    private static string Head(StateDictionary state)
    {
        var head = $"{state.File}: {WeightsNotice.Words(state.Form)}, {Plural.Of(state.Entries.Count, "tensor")}, " +
            Plural.Of(state.Entries.Sum(entry => entry.Count), "number");
        if (state.Model is { Length: > 0 } model)
            head += $", model {OneLine.Of(model)}";
        if (state.Epoch is { } epoch)
            head += $", epoch {Numbers.Text(epoch)}";
        return state.BestTop1 is { } best ? $"{head}, best top-1 {Numbers.Text(best)}" : head;
    }

    /// <summary>The name as the file has it.</summary>
    private static string Name(StateDictionary state, StateEntry entry) => OneLine.Of(state.Prefix + entry.Name);

    private static string TypeName(StateEntry entry) => entry.Type.ToString().ToUpperInvariant();
}
