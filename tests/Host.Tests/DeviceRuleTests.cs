namespace ReSTE.Native.Host.Tests;

public sealed class DeviceRuleTests
{
    [Fact]
    public void Auto_takes_the_cpu_and_says_why()
    {
        var (choice, notices) = Choose("auto", null, "no driver");
        Assert.Equal(DeviceKind.Cpu, choice.Kind);
        Assert.Contains("no driver", Assert.Single(notices));
    }

    [Theory]
    [InlineData("cuda", null)]
    [InlineData("cuda:1", null)]
    [InlineData("auto", 0)]
    [InlineData("cuda", 2)]
    public void An_explicit_gpu_that_is_not_there_ends_the_command(string device, int? gpu)
    {
        var problem = Assert.Throws<HostException>(() => Choose(device, gpu, "no driver"));
        Assert.Equal(ExitCode.NoGpu, problem.ExitCode);
        Assert.Equal("no usable GPU (no driver); add --device cpu to train on this CPU", problem.Message);
    }

    [Fact]
    public void The_cpu_wins_over_gpus()
    {
        var (choice, notices) = Choose("cpu", 0, null);
        Assert.Equal(new DeviceChoice(DeviceKind.Cpu, 0, 3), choice);
        Assert.Empty(notices);
    }

    [Fact]
    public void The_cpu_wins_over_several_gpus()
    {
        using var folder = new TemporaryFolder();
        var run = CommandRun.Of("--results_dir", folder.Path, "--device", "cpu", "--gpus", "0,1", "--epochs", "1");
        Assert.Equal((ExitCode.Done, DeviceKind.Cpu), (run.ExitCode, run.Engine.Device!.Kind));
        Assert.Contains("gpus:  0,1", folder.Lines("argument.txt"));
    }

    [Theory]
    [InlineData("auto", null, 0)]
    [InlineData("auto", 2, 2)]
    [InlineData("cuda", null, 0)]
    [InlineData("cuda", 3, 3)]
    [InlineData("cuda:1", null, 1)]
    [InlineData("cuda:1", 1, 1)]
    public void A_usable_gpu_is_taken(string device, int? gpu, int expected) =>
        Assert.Equal((DeviceKind.Cuda, expected), (Choose(device, gpu, null).Choice.Kind, Choose(device, gpu, null).Choice.Index));

    [Fact]
    public void Two_different_gpus_are_misuse() =>
        Assert.Equal(ExitCode.Misuse, Assert.Throws<HostException>(() => Choose("cuda:1", 0, null)).ExitCode);

    [Theory]
    [InlineData("--gpus", "0")]
    [InlineData("--device", "cuda")]
    public void The_command_ends_with_three(params string[] arguments) =>
        CommandRun.Of(arguments).AssertRefused(ExitCode.NoGpu, "no usable GPU", "add --device cpu");

    [Theory]
    [InlineData("auto", null, 2)]
    [InlineData("cuda", null, 2)]
    [InlineData("cuda:0", null, 0)]
    [InlineData("auto", 1, 1)]
    public void Without_a_number_the_first_usable_gpu_is_taken(string device, int? gpu, int expected) =>
        Assert.Equal(expected, ChooseOf(device, gpu, new FakeEngine { NoGpu = null, FirstGpu = 2 }).Choice.Index);

    [Theory]
    [InlineData("auto", 1, true)]
    [InlineData("cuda:1", 1, true)]
    [InlineData("cuda:1", null, false)]
    [InlineData("cpu", 1, false)]
    public void Gpus_are_numbered_among_all_of_the_machine_by_their_own_flag_only(string device, int? gpu, bool expected)
    {
        var engine = new FakeEngine { NoGpu = null };
        ChooseOf(device, gpu, engine);
        Assert.Equal(expected, engine.ShowsAllGpus);
    }

    private static (DeviceChoice Choice, List<string> Notices) Choose(string device, int? gpu, string? why) =>
        ChooseOf(device, gpu, new FakeEngine { NoGpu = why });

    private static (DeviceChoice Choice, List<string> Notices) ChooseOf(string device, int? gpu, FakeEngine engine)
    {
        var notices = new List<string>();
        return (DeviceRule.Choose(DeviceRequest.Parse(device), gpu is { } one ? [one] : [], 3, engine, notices), notices);
    }
}
