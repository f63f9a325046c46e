using System.Diagnostics;
using ReSTE.Native.Datasets;

namespace ReSTE.Native.Data.Tests.Mutations;

/// <summary>Reads damaged files: each must be read within its rules or be refused in one line, within a second and little memory.</summary>
internal sealed class MutationRunner(int seed, IReadOnlyList<MutationSubject> subjects)
{
    private const int Longest = 1000, Attempts = 5;

    // Besides twice the content: the stack of the pickle machine, a chunk of an archive, the inflater's buffer, the refusal's own text.
    private const long Besides = 256 << 10;

    /// <summary>How many mutations to run: those RESTE_MUTATIONS asks for, in all, or this many.</summary>
    public static int Count(int usual) =>
        int.TryParse(Environment.GetEnvironmentVariable("RESTE_MUTATIONS"), out int count) && count > 0 ? count : usual;

    /// <summary>Runs a number of mutations, the subjects taking turns.</summary>
    public void Run(int count)
    {
        var random = new Random(seed);
        for (int i = 0; i < count; i++)
        {
            var subject = subjects[i % subjects.Count];
            Check(subject, subject.Mutate(random), $"{subject.Name}, seed {seed}, mutation {i}");
        }

        foreach (var subject in subjects)
            Report($"{subject.Name}: {subject.Good} read, {subject.Refused} refused");
        Report($"in all: {subjects.Sum(subject => subject.Good)} read, {subjects.Sum(subject => subject.Refused)} refused");
    }

    private static void Check(MutationSubject subject, byte[] bytes, string where)
    {
        long most = 2 * Math.Max(bytes.Length, subject.ContentBytes(bytes)) + Besides;
        var (check, took, spent) = Once(subject, bytes, where);
        // A busy machine holds up anything, and the runtime's pools take memory anew after a collection: what a file costs, it costs
        // each time.
        for (int i = 1; i < Attempts && (took >= Longest || spent >= most); i++)
        {
            var again = Once(subject, bytes, where);
            (took, spent) = (Math.Min(took, again.Took), Math.Min(spent, again.Spent));
        }

        Assert.True(took < Longest, $"{where}: {took} ms, {Attempts} times");
        Assert.True(spent < most, $"{where}: {spent} bytes, {Attempts} times");
        check?.Invoke(where);
        subject.Good += check is null ? 0 : 1;
        subject.Refused += check is null ? 1 : 0;
    }

    /// <summary>Reads a file once: how to check what was read, null where it was refused, and its milliseconds and bytes.</summary>
    private static (Action<string>? Check, long Took, long Spent) Once(MutationSubject subject, byte[] bytes, string where)
    {
        Action<string>? check = null;
        long allocated = GC.GetAllocatedBytesForCurrentThread();
        var clock = Stopwatch.StartNew();
        try
        {
            check = subject.Read(bytes);
        }
        catch (DatasetException refusal)
        {
            Assert.True(refusal.Message.StartsWith(MutationSubject.Path + ": ", StringComparison.Ordinal), $"{where}: {refusal.Message}");
            Assert.False(refusal.Message.Any(char.IsControl), $"{where}: {refusal.Message}");
        }
        catch (Exception error)
        {
            Assert.Fail($"{where}: {error}");
        }

        return (check, clock.ElapsedMilliseconds, GC.GetAllocatedBytesForCurrentThread() - allocated);
    }

    private static void Report(string line)
    {
        TestContext.Current.TestOutputHelper?.WriteLine(line);
        // The output of tests that pass is not shown; who asks for a number wants to see what came of it.
        if (Environment.GetEnvironmentVariable("RESTE_MUTATIONS") is not null)
            Console.WriteLine(line);
    }
}
