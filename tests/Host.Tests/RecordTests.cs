using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using ReSTE.Native.Training;

namespace ReSTE.Native.Host.Tests;

/// <summary>metrics.jsonl and TensorBoard's file: what they hold, and that a resumed run leaves those of a whole one.</summary>
public sealed class RecordTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Every_logged_step_and_every_epoch_is_a_line()
    {
        CommandRun.Of([.. Arguments(_folder.Path), "--cal_ind"]);
        var lines = Lines(_folder);
        // Of 10 steps every second one, of three steps of evaluation two, and then the epoch.
        Assert.Equal(3 * (5 + 2 + 1), lines.Length);
        Assert.Equal(["training", "training", "training", "training", "training", "evaluating", "evaluating", "epoch"],
            lines.Take(8).Select(line => line.GetProperty("phase").GetString()!));
        Assert.Equal([0, 2, 4, 6, 8], lines.Take(5).Select(line => line.GetProperty("step").GetInt32()));
        var row = _folder.Lines("metrics.csv").Zip(["", "0", "1", "2"]).ElementAt(2).First.Split(',');
        var names = MetricsFile.Header.Split(',');
        var epoch = lines[15];
        Assert.Equal(row, names.Select(name => epoch.GetProperty(name).GetRawText()));
        Assert.True(epoch.GetProperty("time").GetDouble() > 1.7e9);
    }

    [Fact]
    public void The_events_are_the_lines()
    {
        CommandRun.Of([.. Arguments(_folder.Path), "--cal_ind", "--tensorboard"]);
        var events = TensorBoardEvents.Read(_folder[EventFile.Name]);
        Assert.Equal(1 + 3 * (5 + 1), events.Count);
        Assert.Equal("brain.Event:2", events[0].Version);
        Assert.Equal([0L, 2, 4, 6, 8, 10], Steps("step/loss").Take(6));
        Assert.Equal([0L, 1, 2], Steps("top1/val"));
        var lines = Lines(_folder).Where(line => line.GetProperty("phase").GetString() != "evaluating").ToArray();
        foreach (var (line, e) in lines.Zip(events.Skip(1)))
        {
            Assert.Equal(line.GetProperty("time").GetDouble(), e.WallTime);
            var pairs = line.GetProperty("phase").GetString() == "epoch"
                ? new[] { ("loss/train", "train_loss"), ("loss/val", "val_loss"), ("top1/val", "val_top1"), ("schedule/lr", "lr"),
                    ("schedule/o", "o"), ("indicators/estimating_error", "estimating_error"), ("time/seconds", "seconds") }
                : [("step/loss", "loss"), ("step/top1", "top1"), ("step/images_per_s", "images_per_s")];
            foreach (var (tag, name) in pairs)
                Assert.Equal((float)line.GetProperty(name).GetDouble(), e.Scalars[tag]);
        }

        IEnumerable<long> Steps(string tag) => events.Where(e => e.Scalars.ContainsKey(tag)).Select(e => e.Step);
    }

    [Theory]
    [InlineData(0, 0, Phase.Training)]
    [InlineData(1, 3, Phase.Training)]
    [InlineData(1, 9, Phase.Training)]
    [InlineData(1, 1, Phase.Evaluating)]
    [InlineData(2, 2, Phase.Evaluating)]
    public void A_resumed_run_leaves_the_same_records(int epoch, int step, Phase phase)
    {
        using var whole = new TemporaryFolder();
        CommandRun.Of([.. Arguments(whole.Path), "--tensorboard"]);
        CommandRun.Interrupted(PosixSignal.SIGINT, report => report.Epoch == epoch && report.Step == step && report.Phase == phase,
            [.. Arguments(_folder.Path), "--tensorboard"]);
        // As after a kill: later lines are there, and the last is torn.
        File.AppendAllText(_folder["metrics.jsonl"], "{\"phase\":\"evaluating\",\"epoch\":2,\"step\":0,\"steps\":3,\"time\":1}\n{\"pha");
        File.AppendAllText(_folder[EventFile.Name], "torn");
        Assert.Equal(ExitCode.Done, CommandRun.Of([.. Arguments(_folder.Path), "--resume"]).ExitCode);
        Assert.Equal(Lines(whole).Select(Untimed), Lines(_folder).Select(Untimed));
        Assert.Equal(Events(whole), Events(_folder));

        static string Untimed(JsonElement line) => string.Join(' ', line.EnumerateObject()
            .Where(property => property.Name is not ("time" or "seconds" or "images_per_s")).Select(property => property.ToString()));

        static IEnumerable<string> Events(TemporaryFolder folder) => TensorBoardEvents.Read(folder[EventFile.Name]).Select(e =>
            $"{e.Step} {e.Version} " + string.Join(' ', e.Scalars.Where(pair => pair.Key is not ("time/seconds" or "step/images_per_s"))));
    }

    [Fact]
    public void A_run_without_events_has_them_from_its_beginning_once_asked()
    {
        CommandRun.Interrupted(PosixSignal.SIGINT, report => report is { Epoch: 1, Step: 3, Phase: Phase.Training },
            Arguments(_folder.Path));
        Assert.False(File.Exists(_folder[EventFile.Name]));
        CommandRun.Of([.. Arguments(_folder.Path), "--resume", "--tensorboard"]);
        Assert.Equal([0L, 1, 2], TensorBoardEvents.Read(_folder[EventFile.Name]).Where(e => e.Scalars.ContainsKey("loss/val"))
            .Select(e => e.Step));
    }

    [Fact]
    public void An_earlier_runs_records_are_moved_aside()
    {
        CommandRun.Of([.. Arguments(_folder.Path), "--tensorboard"]);
        CommandRun.Of([.. Arguments(_folder.Path)]);
        Assert.True(File.Exists(_folder[Path.Combine("previous-1", EventFile.Name)]));
        Assert.Equal(24, File.ReadLines(_folder[Path.Combine("previous-1", "metrics.jsonl")]).Count());
        Assert.False(File.Exists(_folder[EventFile.Name]));
    }

    [Fact]
    public void A_loss_that_is_no_number_is_recorded()
    {
        var report = new StepReport(Phase.Training, 1, 2, 3, 4, 5, new(double.NaN, 1, 2), default, 0.1);
        var line = MetricsLine.Of(report, double.PositiveInfinity, DateTime.UnixEpoch);
        Assert.Contains("\"loss\":\"NaN\"", line.Text());
        Assert.Equal(line, MetricsLine.Parse(line.Text()));
    }

    private static string[] Arguments(string folder) => ["--results_dir", folder, "--epochs", "3", "-b", "100", "-p", "2"];

    private static JsonElement[] Lines(TemporaryFolder folder) =>
        [.. folder.Lines("metrics.jsonl").Select(line => JsonDocument.Parse(line).RootElement)];
}

/// <summary>Reads TensorBoard's records by the format's own rules, each checksum checked bit by bit.</summary>
internal sealed record TensorBoardEvents(double WallTime, long Step, string? Version, IReadOnlyDictionary<string, float> Scalars)
{
    public static IReadOnlyList<TensorBoardEvents> Read(string path)
    {
        var events = new List<TensorBoardEvents>();
        var file = File.ReadAllBytes(path).AsSpan();
        while (file.Length > 0)
        {
            var length = (int)BinaryPrimitives.ReadUInt64LittleEndian(file);
            Assert.Equal(Masked(file[..8]), BinaryPrimitives.ReadUInt32LittleEndian(file[8..]));
            var data = file.Slice(12, length);
            Assert.Equal(Masked(data), BinaryPrimitives.ReadUInt32LittleEndian(file[(12 + length)..]));
            events.Add(Event(data));
            file = file[(16 + length)..];
        }
        return events;
    }

    private static TensorBoardEvents Event(ReadOnlySpan<byte> data)
    {
        var (wall, step, version, scalars) = (0.0, 0L, (string?)null, new Dictionary<string, float>());
        while (data.Length > 0)
        {
            switch (Varint(ref data))
            {
                case (1 << 3) | 1:
                    wall = BinaryPrimitives.ReadDoubleLittleEndian(Take(ref data, 8));
                    break;
                case 2 << 3:
                    step = (long)Varint(ref data);
                    break;
                case (3 << 3) | 2:
                    version = Encoding.UTF8.GetString(Take(ref data, (int)Varint(ref data)));
                    break;
                case (5 << 3) | 2:
                    Summary(Take(ref data, (int)Varint(ref data)), scalars);
                    break;
                case var other:
                    Assert.Fail($"an event has no field {other}");
                    break;
            }
        }
        return new(wall, step, version, scalars);
    }

    private static void Summary(ReadOnlySpan<byte> data, Dictionary<string, float> scalars)
    {
        while (data.Length > 0)
        {
            Assert.Equal((1u << 3) | 2, Varint(ref data));
            var value = Take(ref data, (int)Varint(ref data));
            Assert.Equal((1u << 3) | 2, Varint(ref value));
            var tag = Encoding.UTF8.GetString(Take(ref value, (int)Varint(ref value)));
            Assert.Equal((2u << 3) | 5, Varint(ref value));
            scalars.Add(tag, BinaryPrimitives.ReadSingleLittleEndian(Take(ref value, 4)));
            Assert.Equal(0, value.Length);
        }
    }

    private static ReadOnlySpan<byte> Take(ref ReadOnlySpan<byte> data, int count)
    {
        var taken = data[..count];
        data = data[count..];
        return taken;
    }

    private static ulong Varint(ref ReadOnlySpan<byte> data)
    {
        ulong value = 0;
        for (var shift = 0; ; shift += 7)
        {
            var part = Take(ref data, 1)[0];
            value |= (ulong)(part & 0x7f) << shift;
            if (part < 0x80)
                return value;
        }
    }

    private static uint Masked(ReadOnlySpan<byte> data)
    {
        var crc = ~0u;
        foreach (var value in data)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc & 1) != 0 ? (crc >> 1) ^ 0x82f63b78 : crc >> 1;
        }
        crc = ~crc;
        return ((crc >> 15) | (crc << 17)) + 0xa282ead8;
    }
}
