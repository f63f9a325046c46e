using ReSTE.Native.Devices;
using ReSTE.Native.Engine.Tests.Checkpoints;

namespace ReSTE.Native.Engine.Tests.Cpu;

/// <summary>What a process may take, read from the files of a system that is made up.</summary>
public sealed class HostMemoryTests : IDisposable
{
    private const long MB = 1 << 20;

    private static readonly RuntimeMemory s_noRuntime = new(0, 0, 0);

    private readonly TemporaryFolder _root = new();

    public void Dispose() => _root.Dispose();

    [Fact]
    public void A_machine_has_what_is_available_and_its_swap()
    {
        Machine(available: 3000, total: 8000, freeSwap: 100, swap: 200);
        Assert.Equal(new DeviceMemory(3100 * MB, 8200 * MB, MemoryOwner.Machine), Read());
    }

    [Fact]
    public void A_system_without_such_files_says_what_the_runtime_says()
    {
        Assert.Null(Read());
        Assert.Equal(new DeviceMemory(900, 1000, MemoryOwner.Machine), HostMemory.Read(_root.Path, new(1000, 0, 100)));
        Assert.Equal(new DeviceMemory(0, 1000, MemoryOwner.Process), HostMemory.Read(_root.Path, new(1000, 1000, 1100)));
    }

    // Docker and systemd on a system of today: the limit may stand at any level, and pages that mirror files are given up before anybody
    // is killed.
    [Theory]
    [InlineData("max", "512")]
    [InlineData("512", "max")]
    [InlineData("700", "512")]
    public void Version_2_is_read_at_every_level(string inner, string outer)
    {
        Machine(available: 8000, total: 9000);
        Mount("/ /sys/fs/cgroup rw - cgroup2 cgroup2 rw");
        Put("proc/self/cgroup", "0::/outer/inner\n");
        Group2("outer", outer, used: 300, inactive: 40, active: 10);
        Group2("outer/inner", inner, used: 300, inactive: 40, active: 10);
        Assert.Equal(new DeviceMemory(264 * MB, 512 * MB, MemoryOwner.Container), Read());
    }

    [Fact]
    public void Version_2_without_a_limit_leaves_the_machine()
    {
        Machine(available: 8000, total: 9000);
        Mount("/ /sys/fs/cgroup rw - cgroup2 cgroup2 rw");
        Put("proc/self/cgroup", "0::/\n");
        Group2("", "max", used: 300, inactive: 0, active: 0);
        Assert.Equal(MemoryOwner.Machine, Read()!.Value.Owner);
    }

    [Theory]
    [InlineData("max", 300)]
    [InlineData("100", 90)]
    [InlineData("0", 0)]
    public void Version_2_counts_the_swap_it_allows(string most, long expected)
    {
        Machine(available: 8000, total: 9000, freeSwap: 300, swap: 400);
        Mount("/ /sys/fs/cgroup rw - cgroup2 cgroup2 rw");
        Put("proc/self/cgroup", "0::/a\n");
        Group2("a", "512", used: 512, inactive: 0, active: 0);
        Put("sys/fs/cgroup/a/memory.swap.max", Bytes(most));
        Put("sys/fs/cgroup/a/memory.swap.current", Bytes(most == "0" ? "0" : "10"));
        Assert.Equal((expected + 2) * MB, Read()!.Value.Free);
    }

    // A container without a namespace of its own sees the host's path of its group, and that group as the top of what is mounted.
    [Theory]
    [InlineData("/ /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory", "docker/one")]
    [InlineData("/docker /sys/fs/cgroup/memory rw master:9 - cgroup cgroup rw,hugetlb,memory", "one")]
    [InlineData("/docker/one /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory", "")]
    [InlineData("/elsewhere /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory", "")]
    public void Version_1_is_read_where_it_is_mounted(string mount, string folder)
    {
        Machine(available: 8000, total: 9000);
        Mount("/ /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw", "/ /sys/fs/cgroup/cpu rw - cgroup cgroup rw,cpu", mount);
        Put("proc/self/cgroup", "5:cpu:/\n4:hugetlb,memory:/docker/one\n0::/\n");
        Group1(folder, "256", used: 100, files: 20);
        Assert.Equal(new DeviceMemory(176 * MB, 256 * MB, MemoryOwner.Container), Read());
    }

    [Fact]
    public void Version_1_has_a_number_for_no_limit_and_a_limit_for_memory_and_swap_together()
    {
        Machine(available: 8000, total: 9000, freeSwap: 300, swap: 300);
        Mount("/ /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory");
        Put("proc/self/cgroup", "4:memory:/one\n");
        Group1("", null, used: 100, files: 20);
        Group1("one", "256", used: 100, files: 0);
        Put("sys/fs/cgroup/memory/one/memory.memsw.limit_in_bytes", Bytes("300"));
        Put("sys/fs/cgroup/memory/one/memory.memsw.usage_in_bytes", Bytes("110"));
        Assert.Equal(new DeviceMemory((156 + 34) * MB, 300 * MB, MemoryOwner.Container), Read());
    }

    [Fact]
    public void A_hard_limit_of_the_runtime_counts_unless_it_is_its_own_share_of_the_container()
    {
        Machine(available: 8000, total: 9000);
        RuntimeMemory told = new(100 * MB, 100 * MB, 10 * MB);
        Assert.Equal(new DeviceMemory(90 * MB, 100 * MB, MemoryOwner.Process), HostMemory.Read(_root.Path, told));
        Mount("/ /sys/fs/cgroup rw - cgroup2 cgroup2 rw");
        Put("proc/self/cgroup", "0::/a\n");
        Group2("a", "400", used: 20, inactive: 0, active: 0);
        Assert.Equal(382 * MB, HostMemory.Read(_root.Path, new(300 * MB, 300 * MB, 10 * MB))!.Value.Free);
        Assert.Equal(90 * MB, HostMemory.Read(_root.Path, told)!.Value.Free);
    }

    [Fact]
    public void What_is_no_number_does_not_count()
    {
        Machine(available: 8000, total: 9000);
        Mount("/ /sys/fs/cgroup rw - cgroup2 cgroup2 rw", "no line of it", "1 2 - cgroup2");
        Put("proc/self/cgroup", "0::/../up\nnonsense\n");
        Put("sys/fs/cgroup/memory.max", "lots\n");
        Assert.Equal(MemoryOwner.Machine, Read()!.Value.Owner);
    }

    [Fact]
    public void This_machine_has_some() => Assert.True(DeviceMemory.OfProcess() is { Free: > 0 } memory && memory.Total >= memory.Free);

    private static string Bytes(string megabytes) => megabytes == "max" ? "max\n" : $"{long.Parse(megabytes, null) * MB}\n";

    private DeviceMemory? Read() => HostMemory.Read(_root.Path, s_noRuntime);

    private void Machine(long available, long total, long freeSwap = 0, long swap = 0) => Put("proc/meminfo",
        $"MemTotal:       {total << 10} kB\nMemFree: 1 kB\nMemAvailable:   {available << 10} kB\n"
        + $"SwapTotal: {swap << 10} kB\nSwapFree: {freeSwap << 10} kB\n");

    private void Mount(params string[] mounts) =>
        Put("proc/self/mountinfo", string.Concat(mounts.Select(mount => $"31 23 0:29 {mount}\n")));

    private void Group2(string group, string limit, long used, long inactive, long active)
    {
        string folder = Path.Combine("sys/fs/cgroup", group);
        Put(folder + "/memory.max", Bytes(limit));
        Put(folder + "/memory.current", Bytes($"{used}"));
        Put(folder + "/memory.stat", $"anon 5\ninactive_file {inactive * MB}\nactive_file {active * MB}\nslab_reclaimable {2 * MB}\n");
    }

    private void Group1(string group, string? limit, long used, long files)
    {
        string folder = Path.Combine("sys/fs/cgroup/memory", group);
        Put(folder + "/memory.limit_in_bytes", limit == null ? "9223372036854771712\n" : Bytes(limit));
        Put(folder + "/memory.usage_in_bytes", Bytes($"{used}"));
        Put(folder + "/memory.stat", $"inactive_file 1\ntotal_inactive_file {files * MB / 2}\ntotal_active_file {files * MB / 2}\n");
    }

    private void Put(string file, string text)
    {
        string path = _root.File(file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }
}
