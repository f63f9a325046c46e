using System.Globalization;

namespace ReSTE.Native.Devices;

/// <summary>
/// What a process may take before the kernel kills it, which it does without a word: the least of what the machine has free, what the
/// control groups allow and what the runtime was told. What cannot be read does not count.
/// </summary>
internal static class HostMemory
{
    /// <summary>As things are now.</summary>
    public static DeviceMemory? Read() => Read("/", RuntimeMemory.Read());

    /// <summary>The least of all; null where nothing is known.</summary>
    /// <param name="root">Where the system's files are.</param>
    /// <param name="runtime">What the runtime says.</param>
    public static DeviceMemory? Read(string root, RuntimeMemory runtime)
    {
        var (machine, swap) = Machine(root);
        (long Limit, DeviceMemory Memory)[] groups = [.. CgroupMemory.Levels(root, swap)];
        List<DeviceMemory> known = [.. groups.Select(group => group.Memory)];
        if (machine is { } whole)
            known.Add(whole);
        if (runtime.Memory(groups.Select(group => group.Limit), isAlone: known.Count == 0) is { } told)
            known.Add(told);
        return known.Count == 0 ? null : known.MinBy(memory => memory.Free);
    }

    /// <summary>The bytes of one field of a file in the form of meminfo and memory.stat; 0 where it is not there.</summary>
    public static long Field(IEnumerable<string> lines, string name)
    {
        foreach (string line in lines)
        {
            string[] words = line.Split([' ', ':'], StringSplitOptions.RemoveEmptyEntries);
            if (words.Length > 1 && words[0] == name
                && long.TryParse(words[1], NumberStyles.None, CultureInfo.InvariantCulture, out long value))
                return words is [_, _, "kB", ..] ? value << 10 : value;
        }

        return 0;
    }

    /// <summary>A file's lines; none where it cannot be read.</summary>
    public static string[] Lines(string path)
    {
        try
        {
            return File.ReadAllLines(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static (DeviceMemory? Memory, (long Free, long Total) Swap) Machine(string root)
    {
        string[] lines = Lines(Path.Combine(root, "proc/meminfo"));
        (long Free, long Total) swap = (Field(lines, "SwapFree"), Field(lines, "SwapTotal"));
        long available = Field(lines, "MemAvailable");
        return (available == 0 ? null : new(available + swap.Free, Field(lines, "MemTotal") + swap.Total, MemoryOwner.Machine), swap);
    }
}

/// <summary>What the runtime knows about memory, in bytes.</summary>
/// <param name="Available">What it goes by: its hard limit, else all of the machine's.</param>
/// <param name="HardLimit">The most its heap may take; 0 for no limit.</param>
/// <param name="Managed">What its heap holds.</param>
internal readonly record struct RuntimeMemory(long Available, long HardLimit, long Managed)
{
    // What a limit may be rounded by.
    private const long Page = 64 << 10;

    /// <summary>As things are now.</summary>
    public static RuntimeMemory Read() => new(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes,
        GC.GetConfigurationVariables().GetValueOrDefault("GCHeapHardLimit") as long? ?? 0, GC.GetTotalMemory(false));

    /// <summary>
    /// A hard limit that somebody set, taken as meant for the whole process; null where there is none. The one that the runtime gives
    /// itself in a container, three quarters of the container's, is for managed memory alone. Without a limit its figure is all of the
    /// machine's memory, which counts where nothing better is known: on Windows and macOS, which swap where Linux kills.
    /// </summary>
    /// <param name="groups">The limits of the control groups.</param>
    /// <param name="isAlone">Whether nothing better is known.</param>
    public DeviceMemory? Memory(IEnumerable<long> groups, bool isAlone)
    {
        var (limit, free) = (HardLimit, Math.Max(0, Available - Managed));
        if (HardLimit > 0 && !groups.Any(group => Math.Abs(group / 4 * 3 - limit) < Page))
            return new(free, Available, MemoryOwner.Process);
        return isAlone && Available > 0 ? new(free, Available, MemoryOwner.Machine) : null;
    }
}
