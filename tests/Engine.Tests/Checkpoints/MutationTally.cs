using System.Diagnostics;
using System.Globalization;
using ReSTE.Native.Checkpoints;

namespace ReSTE.Native.Engine.Tests.Checkpoints;

/// <summary>
/// Reads damaged files and keeps count: each is read or refused in one line, within a second, and within twice its own size in
/// memory, since what a header claims must allocate nothing. The little that every reading needs is not counted.
/// </summary>
internal sealed class MutationTally(string what)
{
    private const string CountVariable = "RESTE_MUTATIONS";
    private const int Milliseconds = 1000, Overhead = 32_768, Attempts = 5;
    private const double Ratio = 2;

    private int _read, _refused;
    private double _slowest, _largest;

    /// <summary>
    /// Files to damage in each of <paramref name="cases"/> cases: RESTE_MUTATIONS is their number in all cases together, where it is
    /// set; else <paramref name="usual"/> is.
    /// </summary>
    public static int Count(int usual, int cases) =>
        ((int.TryParse(Environment.GetEnvironmentVariable(CountVariable), out int count) && count > 0 ? count : usual) + cases - 1) / cases;

    /// <summary>Reads a file of a size; returns whether it was accepted. Accepted files may take what their tensors take.</summary>
    public bool Reads(long size, string where, Action read)
    {
        var (accepted, milliseconds, ratio) = Once(size, where, read);
        // A busy machine holds up anything, and the runtime's pools take memory anew after a collection: what a file costs, it costs
        // each time.
        for (int i = 1; i < Attempts && (milliseconds > Milliseconds || ratio > Ratio); i++)
        {
            var again = Once(size, where, read);
            Assert.True(accepted == again.Accepted, $"{what}, {where}: read once and refused once");
            (milliseconds, ratio) = (Math.Min(milliseconds, again.Milliseconds), Math.Min(ratio, again.Ratio));
        }
        Assert.True(milliseconds <= Milliseconds, $"{what}, {where}: {milliseconds:F0} ms, {Attempts} times");
        Assert.True(ratio <= Ratio, $"{what}, {where}: {ratio:F1} times the file's {size} bytes were allocated, {Attempts} times");
        (_slowest, _largest) = (Math.Max(_slowest, milliseconds), Math.Max(_largest, ratio));
        _ = accepted ? _read++ : _refused++;
        return accepted;
    }

    /// <summary>Asserts that both happened often enough to mean something, and says how often.</summary>
    public void Close(int leastRead, int leastRefused)
    {
        string line = string.Create(CultureInfo.InvariantCulture,
            $"{what}: {_read} read, {_refused} refused, slowest {_slowest:F1} ms, largest allocation {_largest:F2} times the file");
        TestContext.Current.TestOutputHelper?.WriteLine(line);
        // The output of tests that pass is not shown; who asks for a number wants to see what came of it.
        if (Environment.GetEnvironmentVariable(CountVariable) is not null)
            Console.WriteLine(line);
        Assert.True(_read >= leastRead && _refused >= leastRefused,
            $"{what}: {_read} read, {_refused} refused: the damage is too weak or too strong");
    }

    /// <summary>Reads a file once; what one that is accepted takes is not counted.</summary>
    private (bool Accepted, double Milliseconds, double Ratio) Once(long size, string where, Action read)
    {
        long before = GC.GetAllocatedBytesForCurrentThread(), start = Stopwatch.GetTimestamp();
        bool accepted = Accepts(where, read);
        double milliseconds = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        double ratio = Math.Max(0, GC.GetAllocatedBytesForCurrentThread() - before - Overhead) / (double)Math.Max(size, 1);
        return (accepted, milliseconds, accepted ? 0 : ratio);
    }

    private bool Accepts(string where, Action read)
    {
        try
        {
            read();
            return true;
        }
        catch (CheckpointException refusal)
        {
            Assert.DoesNotContain(refusal.Message, char.IsControl);
            return false;
        }
        catch (Exception error)
        {
            Assert.Fail($"{what}, {where}: {error}");
            return false;
        }
    }
}
