using System.Globalization;

namespace ReSTE.Native.Account;

/// <summary>The tables of the page, as lines of Markdown.</summary>
internal static class Table
{
    private const string Nothing = "";

    /// <summary>Cells of a row of <see cref="Launches"/>, whose last one is measured.</summary>
    public const int MeasuredCells = 12;

    /// <summary>What a step asks of each kernel, and the times.</summary>
    public static IEnumerable<string> Launches(
        StepAccount account, IReadOnlyDictionary<string, (double Microseconds, int Launches)> measured)
    {
        string[] head =
            ["kernel", "launches", "MB", "G bit", "G sign", "G real", "floor", "blocks", "at once", "allowed", "by", "measured"];
        return Lines(head, [.. account.Rows.Select(row => Cells(row, measured)), Total(account)]);
    }

    /// <summary>What the compiler made of each kernel.</summary>
    public static IEnumerable<string> Instructions(StepAccount account) => Lines(
        [
            "kernel", "registers", "shared", "of", "all", "matrix", "fp32", "fp64", "imad", "int", "popc", "convert", "global", "shared",
            "sync", "other", "besides",
        ],
        [.. account.Rows.Select(row => Cells(row.Kernel, row.Code, row.Resources))]);

    /// <summary>A network in short.</summary>
    public static IEnumerable<string> Short(StepAccount account) => Lines(
        ["kernel", "launches", "MB", "G products", "floor", "allowed", "by"],
        [
            .. account.Rows.Select(row => (string[])[Name(row), Whole(row.Launches.Count), Megabytes(row.Bytes),
                Giga(row.Launches.Sum(launch => launch.Work)), Tenths(row.Floor), Tenths(row.Allowed), row.Limit]),
            ["all", Whole(account.Step.Launches.Count), Megabytes(account.Rows.Sum(row => row.Bytes)),
                Giga(account.Step.Launches.Sum(launch => launch.Work)), Tenths(account.Rows.Sum(row => row.Floor)),
                Tenths(account.Rows.Sum(row => row.Allowed ?? 0)), Nothing],
        ]);

    private static string[] Cells(KernelRow row, IReadOnlyDictionary<string, (double Microseconds, int Launches)> measured)
    {
        // A time of another number of launches is of other work.
        bool known = measured.TryGetValue(row.Kernel, out var time) && time.Launches == row.Launches.Count;
        long least = row.Launches.Min(launch => launch.Blocks), most = row.Launches.Max(launch => launch.Blocks);
        return
        [
            Name(row), Whole(row.Launches.Count), Megabytes(row.Bytes), Giga(row.Work(WorkKind.Bits)), Giga(row.Work(WorkKind.Sign)),
            Giga(row.Work(WorkKind.Real)), Tenths(row.Floor), least == most ? Whole(least) : $"{Whole(least)}-{Whole(most)}",
            Whole(row.BlocksAtOnce), Tenths(row.Allowed), row.Limit, known ? Tenths(time.Microseconds) : Nothing,
        ];
    }

    private static string[] Total(StepAccount account) =>
    [
        "all", Whole(account.Step.Launches.Count), Megabytes(account.Rows.Sum(row => row.Bytes)),
        Giga(account.Rows.Sum(row => row.Work(WorkKind.Bits))), Giga(account.Rows.Sum(row => row.Work(WorkKind.Sign))),
        Giga(account.Rows.Sum(row => row.Work(WorkKind.Real))), Tenths(account.Rows.Sum(row => row.Floor)), Nothing, Nothing,
        Tenths(account.Rows.Sum(row => row.Allowed ?? 0)), Nothing, Nothing,
    ];

    private static string[] Cells(string kernel, KernelCode code, Resources resources)
    {
        InstructionMix mix = code.Mix;
        InstructionKind[] kinds = [InstructionKind.Matrix, InstructionKind.Float, InstructionKind.Double, InstructionKind.Multiply,
            InstructionKind.Integer, InstructionKind.Popcount, InstructionKind.Convert];
        return
        [
            $"`{kernel}`", Whole(resources.Registers), Whole(resources.SharedBytes), code.HasLoop ? "loop" : "whole", Whole(mix.Count),
            .. kinds.Select(kind => Some(mix[kind])),
            Pair(mix[InstructionKind.LoadGlobal], mix[InstructionKind.StoreGlobal]),
            Pair(mix[InstructionKind.LoadShared], mix[InstructionKind.StoreShared]),
            Some(mix[InstructionKind.Shuffle] + mix[InstructionKind.Barrier]), Some(mix[InstructionKind.Other]), Some(code.Besides.Count),
        ];
    }

    private static IEnumerable<string> Lines(string[] head, IReadOnlyList<string[]> rows)
    {
        yield return Line(head);
        yield return Line([.. head.Select((_, i) => i == 0 ? "---" : "--:")]);
        foreach (string[] row in rows)
            yield return Line(row);
    }

    private static string Line(IEnumerable<string> cells) => "|" + string.Concat(cells.Select(cell => cell == "" ? " |" : $" {cell} |"));

    private static string Name(KernelRow row) => $"`{row.Kernel}`";

    private static string Pair(int loads, int stores) => loads + stores == 0 ? Nothing : $"{loads} + {stores}";

    private static string Some(int count) => count == 0 ? Nothing : Whole(count);

    private static string Whole(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    private static string Megabytes(double bytes) => (bytes / 1e6).ToString(bytes < 9.95e6 ? "N1" : "N0", CultureInfo.InvariantCulture);

    private static string Giga(double products) => products == 0 ? Nothing : (products / 1e9).ToString("N2", CultureInfo.InvariantCulture);

    private static string Tenths(double? microseconds) => microseconds?.ToString("N1", CultureInfo.InvariantCulture) ?? Nothing;
}
