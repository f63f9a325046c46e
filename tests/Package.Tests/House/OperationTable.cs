namespace ReSTE.Native.Package.Tests.House;

/// <summary>Which operation stands in which room, as the source tree has it, and as docs/operations.md writes it down.</summary>
internal static class OperationTable
{
    private const string Contract = "src/Engine/Operations", Devices = "src/Engine/Devices";

    /// <summary>The rooms an operation can stand in: what to call them, the folder, and the file's name for an operation's.</summary>
    private static readonly (string Room, string Folder, Func<string, string> File)[] s_rooms =
    [
        ("contract", Contract, name => name + ".cs"),
        ("op", "src/Engine/Ops", name => name + ".cs"),
        ("reference", Devices + "/Reference", name => name + ".cs"),
        ("CPU", Devices + "/Cpu", name => name + ".cs"),
        ("CUDA", Devices + "/Cuda", name => name + ".cs"),
        ("kernel", "kernels", name => Snake(name) + ".cu"),
        ("note", "kernels/notes", name => Snake(name) + ".md"),
        ("test", "tests/Engine.Tests/Operations", name => name + "Tests.cs"),
    ];

    /// <summary>The names of all operations: the files of the contract that add to the interface.</summary>
    public static IReadOnlyList<string> Names() => [.. Directory.GetFiles(Repository.At(Contract), "*.cs")
        .Where(file => File.ReadAllText(file).Contains("partial interface IKernels", StringComparison.Ordinal))
        .Select(Path.GetFileNameWithoutExtension).Where(name => name != "IKernels").Order(StringComparer.Ordinal)!];

    /// <summary>The rooms an operation stands in.</summary>
    public static IReadOnlyList<string> RoomsOf(string name) =>
        [.. s_rooms.Where(room => File.Exists(Repository.At(room.Folder, room.File(name)))).Select(room => room.Room)];

    /// <summary>The table as it should stand in the document.</summary>
    public static string Text()
    {
        string[] rows =
            [.. Names().Select(name => $"| `{Snake(name)}` | {string.Join(" | ", s_rooms.Select(room => Cell(room, name)))} |")];
        return $"| operation | {string.Join(" | ", s_rooms.Select(room => room.Room))} |\n"
            + $"| --- |{string.Concat(s_rooms.Select(_ => " --- |"))}\n"
            + string.Join('\n', rows) + "\n";
    }

    /// <summary>BatchNorm is batch_norm.</summary>
    public static string Snake(string name) =>
        string.Concat(name.Select((letter, i) => (i > 0 && char.IsUpper(letter) ? "_" : "") + char.ToLowerInvariant(letter)));

    private static string Cell((string Room, string Folder, Func<string, string> File) room, string name) =>
        File.Exists(Repository.At(room.Folder, room.File(name))) ? "✓" : "-";
}
