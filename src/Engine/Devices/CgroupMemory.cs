using System.Globalization;

namespace ReSTE.Native.Devices;

/// <summary>
/// The memory limits of the control groups that this process is in, by which a container is limited: of version 2 (memory.max) and of
/// version 1 (memory.limit_in_bytes), at every level from the process's own group up to the outermost one that can be seen.
/// </summary>
internal static class CgroupMemory
{
    // What version 1 writes where there is no limit is close to the largest number.
    private const long NoLimit = 1L << 60;

    /// <summary>Every level that has a limit: the limit without swap, and the memory with it.</summary>
    /// <param name="root">Where the system's files are.</param>
    /// <param name="swap">The machine's swap.</param>
    public static IEnumerable<(long Limit, DeviceMemory Memory)> Levels(string root, (long Free, long Total) swap)
    {
        string[] groups = HostMemory.Lines(Path.Combine(root, "proc/self/cgroup"));
        foreach (string line in HostMemory.Lines(Path.Combine(root, "proc/self/mountinfo")))
        {
            if (Mount(line) is not var (unified, top, point) || Group(groups, unified) is not { } group)
                continue;
            string[] below = Below(top, group);
            for (int depth = below.Length; depth >= 0; depth--)
            {
                string folder = Path.Combine([root, point.TrimStart('/'), .. below[..depth]]);
                if ((unified ? Unified(folder, swap) : Legacy(folder, swap)) is { } level)
                    yield return level;
            }
        }
    }

    /// <summary>
    /// A line of mountinfo as a hierarchy that may limit memory: its version, the group that is its top, and where that is seen.
    /// </summary>
    private static (bool Unified, string Top, string Point)? Mount(string line)
    {
        int dash = line.IndexOf(" - ", StringComparison.Ordinal);
        if (dash < 0)
            return null;
        string[] place = line[..dash].Split(' '), type = line[(dash + 3)..].Split(' ');
        bool unified = type[0] == "cgroup2";
        return place.Length > 4 && (unified || (type[0] == "cgroup" && type[^1].Split(',').Contains("memory")))
            ? (unified, place[3], place[4])
            : null;
    }

    /// <summary>The group this process is in, out of lines such as 0::/path and 4:memory:/path.</summary>
    private static string? Group(string[] lines, bool unified) => lines
        .Select(line => line.Split(':', 3))
        .FirstOrDefault(parts => parts.Length == 3 && (unified ? parts[1].Length == 0 : parts[1].Split(',').Contains("memory")))?[2];

    /// <summary>
    /// The folders that lead from the top that is seen to the group; none where it lies outside, as a namespace shows it.
    /// </summary>
    private static string[] Below(string top, string group)
    {
        string start = top.TrimEnd('/') + "/";
        string[] below = group.StartsWith(start, StringComparison.Ordinal)
            ? group[start.Length..].Split('/', StringSplitOptions.RemoveEmptyEntries)
            : [];
        return below.Contains("..") ? [] : below;
    }

    private static (long, DeviceMemory)? Unified(string folder, (long Free, long Total) swap)
    {
        if (Number(folder, "memory.max") is not { } limit || Number(folder, "memory.current") is not { } used)
            return null;
        string[] statistics = HostMemory.Lines(Path.Combine(folder, "memory.stat"));
        long free = limit - used + Reclaimable(statistics, "") + HostMemory.Field(statistics, "slab_reclaimable");
        // No file: the kernel does not count swap. No number: no limit.
        long most = Number(folder, "memory.swap.max") ?? swap.Total;
        return Level(limit, free, Math.Min(swap.Free, most - (Number(folder, "memory.swap.current") ?? 0)), Math.Min(swap.Total, most));
    }

    private static (long, DeviceMemory)? Legacy(string folder, (long Free, long Total) swap)
    {
        if (Number(folder, "memory.limit_in_bytes") is not { } limit || Number(folder, "memory.usage_in_bytes") is not { } used)
            return null;
        long free = limit - used + Reclaimable(HostMemory.Lines(Path.Combine(folder, "memory.stat")), "total_");
        // Its second limit is of memory and swap together.
        long most = Number(folder, "memory.memsw.limit_in_bytes") - limit ?? swap.Total;
        long swapped = Number(folder, "memory.memsw.usage_in_bytes") - used ?? 0;
        return Level(limit, free, Math.Min(swap.Free, most - swapped), Math.Min(swap.Total, most));
    }

    private static (long, DeviceMemory) Level(long limit, long free, long freeSwap, long swap) =>
        (limit, new(Math.Max(0, free + Math.Max(0, freeSwap)), limit + Math.Max(0, swap), MemoryOwner.Container));

    /// <summary>Pages that only mirror files, which the kernel drops before it kills.</summary>
    private static long Reclaimable(string[] statistics, string prefix) =>
        HostMemory.Field(statistics, prefix + "inactive_file") + HostMemory.Field(statistics, prefix + "active_file");

    /// <summary>The number in a file; null for "max", for the number that stands for no limit, and where there is no such file.</summary>
    private static long? Number(string folder, string file) =>
        HostMemory.Lines(Path.Combine(folder, file)) is [var text, ..]
            && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long value) && value < NoLimit
                ? value : null;
}
