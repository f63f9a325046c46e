using System.Globalization;
using System.Text.RegularExpressions;
using ReSTE.Native.Engine.Tests.Reference;

namespace ReSTE.Native.Engine.Tests.Schedules;

/// <summary>A recorded schedule: settings from the file's name (schedule.e20.warm.lr0.1.o3.csv), one row an epoch.</summary>
internal sealed partial record ScheduleTable(int Epochs, bool WarmUp, double BaseRate, double End, IReadOnlyList<ScheduleRow> Rows)
{
    public static ScheduleTable Read(string name)
    {
        var settings = Settings().Match(Path.GetFileName(name));
        Assert.True(settings.Success, $"{name}: the name is not schedule.eN.cold|warm.lrX.oY.csv");
        string[] lines = File.ReadAllLines(ReferenceFiles.Path(name));
        Assert.Equal("epoch,lr,o", lines[0]);
        var rows = lines.Skip(1).Where(line => line.Length > 0).Select(line => line.Split(','))
            .Select(cells => new ScheduleRow(int.Parse(cells[0], CultureInfo.InvariantCulture), Number(cells[1]), Number(cells[2])))
            .ToList();
        int epochs = int.Parse(settings.Groups["epochs"].Value, CultureInfo.InvariantCulture);
        Assert.NotEmpty(rows);
        return new ScheduleTable(epochs, settings.Groups["start"].Value == "warm", Number(settings.Groups["rate"].Value),
            Number(settings.Groups["end"].Value), rows);
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^schedule\.e(?<epochs>\d+)\.(?<start>cold|warm)\.lr(?<rate>.+)\.o(?<end>.+)\.csv$")]
    private static partial Regex Settings();
}
