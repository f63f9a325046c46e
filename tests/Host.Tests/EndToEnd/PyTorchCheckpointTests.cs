using System.Buffers.Binary;
using System.Text;
using System.Text.Json.Nodes;
using ReSTE.Native.StateFiles;

namespace ReSTE.Native.Host.Tests.EndToEnd;

/// <summary>Checkpoints from and for PyTorch through the command: convert, evaluate, --init and --resume.</summary>
public sealed class PyTorchCheckpointTests : IDisposable
{
    private static readonly string[] s_small =
    [
        "--device", "cpu", "--threads", "1", "--dataset", "shapes", "--limit_train", "32", "--limit_test", "16", "-b", "16", "-bt", "16",
        "--progress", "none",
    ];

    private readonly TemporaryFolder _folder = new();

    public PyTorchCheckpointTests() =>
        Reste.Run([.. s_small, "--epochs", "2", "--results_dir", _folder["first"]]).AssertDone();

    private string Ours => _folder["first/checkpoint.safetensors"];

    private string PyTorch => _folder["checkpoint.pth.tar"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_checkpoint_is_written_for_PyTorch_and_evaluates_the_same()
    {
        var wrote = Reste.Run("convert", Ours, PyTorch).AssertDone();
        Assert.Equal($"wrote {PyTorch}: 121 tensors in PyTorch's zip form\n", wrote.Output);
        var ours = Reste.Run(["evaluate", Ours, .. s_small]).AssertDone();
        var theirs = Reste.Run(["evaluate", PyTorch, .. s_small]).AssertDone();
        Assert.Equal(ours.Output, theirs.Output);
        const string What = "weights saved by another program (PyTorch's zip form) of resnet20_1w1a after 2 epochs, best top-1 ";
        Assert.StartsWith($"{PyTorch} holds {What}", theirs.Error);
        Assert.EndsWith("; evaluated as resnet20_1w1a, as the flags have it\n", theirs.Error);
        Reste.Run("convert", PyTorch, _folder["back.safetensors"]).AssertDone();
        Assert.Equal(ours.Output, Reste.Run(["evaluate", _folder["back.safetensors"], .. s_small]).AssertDone().Output);
    }

    [Fact]
    public void A_file_is_listed_whatever_it_holds()
    {
        Reste.Run("convert", Ours, PyTorch).AssertDone();
        var lines = Reste.Run("convert", PyTorch, "--list").AssertDone().Output.Split('\n');
        const string Head = "PyTorch's zip form, 121 tensors, 271374 numbers, model resnet20_1w1a, epoch 2, best top-1 ";
        Assert.StartsWith($"{PyTorch}: {Head}", lines[0]);
        Assert.Equal(121 + 2, lines.Length);
        Assert.Matches(@"^conv1\.weight +F32   \[16, 3, 3, 3\]$", lines[1]);
        Assert.Matches(@"^bn1\.num_batches_tracked +I64   \[\]$", lines[6]);
        Assert.Contains("momentum/conv1.weight", Reste.Run("convert", Ours, "--list").AssertDone().Output);
    }

    [Fact]
    public void What_is_there_is_replaced_by_force_alone()
    {
        File.WriteAllText(PyTorch, "mine");
        Reste.Run("convert", Ours, PyTorch).AssertRefused(ExitCode.Misuse, $"'{PyTorch}' is there already", "--force");
        Assert.Equal("mine", File.ReadAllText(PyTorch));
        Reste.Run("convert", Ours, PyTorch, "--force").AssertDone();
        Assert.Equal(121, StateFile.Open(PyTorch).Entries.Count);
        Reste.Run("convert", PyTorch, PyTorch, "--force").AssertDone();
        Assert.Equal(121, StateFile.Open(PyTorch).Entries.Count);
    }

    [Fact]
    public void Misuse_of_convert_is_told()
    {
        Reste.Run("convert").AssertRefused(ExitCode.Misuse, "convert needs IN");
        Reste.Run("convert", Ours).AssertRefused(ExitCode.Misuse, "convert needs OUT", "--list");
        Reste.Run("convert", Ours, _folder["a.bin"]).AssertRefused(ExitCode.Misuse, "a.bin' is not known", ".safetensors", ".pth.tar");
        Reste.Run("convert", _folder["none"], PyTorch).AssertRefused(ExitCode.Checkpoint, "there is no checkpoint", "none");
        Reste.Run("convert", Ours, _folder["none/a.pth"]).AssertRefused(ExitCode.Failure, "cannot write", "there is no folder");
        File.WriteAllBytes(_folder["bad.pth"], [.. File.ReadAllBytes(Ours)[..200]]);
        Reste.Run("convert", _folder["bad.pth"], PyTorch).AssertRefused(ExitCode.Checkpoint, "cut short");
        Assert.False(File.Exists(PyTorch));
    }

    [Fact]
    public void A_file_of_another_network_is_refused_with_all_that_differs()
    {
        Reste.Run("convert", Ours, PyTorch).AssertDone();
        Reste.Run(["evaluate", PyTorch, .. s_small, "--model", "resnet20"])
            .AssertRefused(ExitCode.Checkpoint, "holds the network 'resnet20_1w1a', not resnet20", "give --model resnet20_1w1a");
        Reste.Run(["evaluate", PyTorch, .. s_small[..4], "--dataset", "shapes", "-b", "16"]).AssertDone();
        File.WriteAllBytes(PyTorch, File.ReadAllBytes(PyTorch)[..1000]);
        Reste.Run(["evaluate", PyTorch, .. s_small]).AssertRefused(ExitCode.Checkpoint, "no end of a zip archive: it is cut short");
    }

    // The stream form of before 1.6: its magic number, its protocol, facts about the machine, and a call in place of a dictionary.
    [Fact]
    public void A_file_that_names_a_command_is_refused_wherever_it_is_given()
    {
        byte[] file =
        [
            0x80, 2, 0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, (byte)'.',
            0x80, 2, (byte)'M', 0xe9, 3, (byte)'.', 0x80, 2, (byte)'}', (byte)'.',
            0x80, 2, .. "cos\nsystem\nX"u8, 5, 0, 0, 0, .. "touch"u8, 0x85, (byte)'R', (byte)'.',
        ];
        File.WriteAllBytes(PyTorch, file);
        string[][] commands =
        [
            ["evaluate", PyTorch, .. s_small], ["convert", PyTorch, "--list"], ["convert", PyTorch, _folder["x.safetensors"]],
            [.. s_small, "--init", PyTorch, "--results_dir", _folder["second"]], [.. s_small, "--resume", "--results_dir", _folder.Path],
        ];
        foreach (var command in commands)
        {
            Reste.Run(command).AssertRefused(ExitCode.Checkpoint, $"{PyTorch}: byte 27: the name os.system, which no checkpoint",
                "nothing of it was run", "save its state_dict() alone");
        }
    }

    [Fact]
    public void A_run_starts_from_weights_and_says_so()
    {
        Reste.Run("convert", Ours, PyTorch).AssertDone();
        foreach (var (name, from) in new[] { ("second", PyTorch), ("third", Ours) })
        {
            var run = Reste.Run([.. s_small, "--epochs", "1", "--lr", "0", "--init", from, "--results_dir", _folder[name]]).AssertDone();
            Assert.Contains($"starting from {from}, which holds weights ", run.Error);
            Assert.Contains("after 2 epochs", run.Error);
            Assert.Contains("; momentum starts at zero\n", run.Error);
            Assert.Contains($"init:  {from}\n", File.ReadAllText(_folder[name + "/argument.txt"]));
            Assert.Contains($"starting from {from}", File.ReadAllText(_folder[name + "/logger.log"]));
            // A learning rate of zero leaves the parameters as they came.
            var (before, after) = (StateFile.Open(Ours), StateFile.Open(_folder[name + "/checkpoint.safetensors"]));
            Assert.True(before.Bytes("conv1.weight").Span.SequenceEqual(after.Bytes("conv1.weight").Span));
        }
    }

    [Fact]
    public void A_run_starts_from_a_run_folder_s_best_checkpoint_and_other_activations()
    {
        string[] command = [.. s_small, "--epochs", "1", "--a32", "--init", _folder["first"], "--results_dir", _folder["second"]];
        var run = Reste.Run(command).AssertDone();
        Assert.Contains($"is a folder: starting from {_folder["first/model_best.safetensors"]}\n", run.Error);
        Assert.Contains("which holds weights of resnet20_1w1a, trained on shapes after ", run.Error);
    }

    [Fact]
    public void Starting_from_nothing_or_from_another_network_leaves_no_folder()
    {
        Reste.Run([.. s_small, "--init", _folder["none"], "--results_dir", _folder["second"]])
            .AssertRefused(ExitCode.Checkpoint, "there is no checkpoint");
        Reste.Run([.. s_small, "--init", Ours, "--resume", "--results_dir", _folder["first"]])
            .AssertRefused(ExitCode.Misuse, "--init and --resume exclude each other");
        Reste.Run("convert", Ours, PyTorch).AssertDone();
        byte[] bytes = File.ReadAllBytes(PyTorch);
        int at = bytes.AsSpan().IndexOf("linear.bias"u8);
        "linear.xxxx"u8.CopyTo(bytes.AsSpan(at));
        File.WriteAllBytes(PyTorch, bytes);
        Reste.Run([.. s_small, "--init", PyTorch, "--results_dir", _folder["second"]])
            .AssertRefused(ExitCode.Checkpoint, "'archive/data.pkl', whose checksum (CRC-32) does not fit");
        foreach (var from in new[] { Ours, _folder["first"] })
        {
            Reste.Run([.. s_small, "--model", "vgg_small", "--init", from, "--results_dir", _folder["second"]])
                .AssertRefused(ExitCode.Checkpoint, "does not fit the network: ", " missing ('", " unexpected ('");
        }

        Assert.False(Directory.Exists(_folder["second"]));
    }

    /// <summary>What trained on every image, and was judged by the test images, says nothing about images held out now.</summary>
    [Fact]
    public void The_published_trainer_s_run_is_not_gone_on_with_on_other_parts()
    {
        Directory.CreateDirectory(_folder["published"]);
        Reste.Run("convert", Ours, _folder["published/checkpoint.pth.tar"]).AssertDone();
        string[] command = [.. s_small, "--val_split", "0.25", "-b", "12", "--epochs", "3", "--results_dir", _folder["published"]];
        Reste.Run([.. command, "--resume"]).AssertRefused(ExitCode.Checkpoint, "was trained on the images that are held out now",
            $"in place of --resume, --init {_folder["published/checkpoint.pth.tar"]} starts from its weights");
        Assert.False(File.Exists(_folder["published/argument.txt"]));
        Reste.Run([.. command, "--init", _folder["published"]]).AssertDone();
    }

    [Fact]
    public void A_best_result_of_the_published_trainer_stays_the_best_without_an_invented_epoch()
    {
        Directory.CreateDirectory(_folder["published"]);
        SaveWithBest("100", _folder["published/checkpoint.pth.tar"]);
        var run = Reste.Run([.. s_small, "--epochs", "3", "--resume", "--results_dir", _folder["published"]]).AssertDone();
        const string Line = "best before this program went on with the run: Prec1 100.0000, which no epoch since has surpassed";
        Assert.Contains($"\n{Line}\nLast_Epoch: 3\t", "\n" + run.Output);
        Assert.Contains(Line, File.ReadAllText(_folder["published/logger.log"]));
        foreach (var words in new[] { "Best_Epoch", "NaN", "nan" })
            Assert.DoesNotContain(words, run.Output);
        Assert.False(File.Exists(_folder["published/model_best.safetensors"]));
    }

    /// <summary>Our checkpoint as another program's safetensors file that names some best result.</summary>
    private void SaveWithBest(string best, string path)
    {
        Reste.Run("convert", Ours, _folder["bare.safetensors"]).AssertDone();
        var bytes = File.ReadAllBytes(_folder["bare.safetensors"]);
        var length = (int)BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        var header = JsonNode.Parse(bytes.AsSpan(8, length))!;
        header["__metadata__"]!["best_prec1"] = best;
        var text = header.ToJsonString();
        text = text.PadRight((text.Length + 7) / 8 * 8);
        File.WriteAllBytes(path, [.. BitConverter.GetBytes((long)text.Length), .. Encoding.UTF8.GetBytes(text), .. bytes[(8 + length)..]]);
    }

    /// <summary>What --resume takes as a folder, the other commands take too.</summary>
    [Fact]
    public void A_folder_of_the_published_trainer_stands_for_its_best_file()
    {
        var folder = _folder["published"];
        Directory.CreateDirectory(folder);
        Reste.Run(["evaluate", folder, .. s_small]).AssertRefused(ExitCode.Checkpoint, "holds no model_best.safetensors", "nothing");
        foreach (var name in new[] { "checkpoint.pth.tar", "model_best.pth.tar" })
        {
            var file = _folder["published/" + name];
            Reste.Run("convert", Ours, file).AssertDone();
            var evaluated = Reste.Run(["evaluate", folder, .. s_small]).AssertDone();
            Assert.StartsWith($"'{folder}' is a folder: evaluating {file}\n", evaluated.Error);
            Assert.Contains($"is a folder: starting from {file}\n",
                Reste.Run([.. s_small, "--epochs", "1", "--init", folder, "--results_dir", _folder["second"]]).AssertDone().Error);
            Assert.Contains($"is a folder: converting {file}\n",
                Reste.Run("convert", folder, _folder["again.pth"], "--force").AssertDone().Error);
        }

        File.Copy(_folder["first/model_best.safetensors"], _folder["published/model_best.safetensors"]);
        Assert.StartsWith($"'{folder}' is a folder: evaluating {_folder["published/model_best.safetensors"]}\n",
            Reste.Run(["evaluate", folder, .. s_small]).AssertDone().Error);
    }

    [Fact]
    public void The_published_trainer_s_run_is_gone_on_with()
    {
        Directory.CreateDirectory(_folder["published"]);
        Reste.Run("convert", Ours, _folder["published/checkpoint.pth.tar"]).AssertDone();
        File.WriteAllText(_folder["published/argument.txt"], "theirs");
        string[] command = [.. s_small, "--epochs", "3", "--resume", "--results_dir", _folder["published"]];
        var run = Reste.Run(command).AssertDone();
        Assert.Contains("holds weights saved by another program (PyTorch's zip form) of resnet20_1w1a after 2 epochs", run.Error);
        Assert.Contains(", and no momentum, which starts at zero\n", run.Error);
        Assert.Contains($"resuming {_folder["published/checkpoint.pth.tar"]} at epoch 3\n", run.Error);
        Assert.Equal("theirs", File.ReadAllText(_folder["published/argument.txt"]));
        Assert.StartsWith("2,", File.ReadAllLines(_folder["published/metrics.csv"])[^1]);
        // From here on the run has a checkpoint of its own.
        Assert.Equal("already finished: 3 epochs; nothing to train\n", Reste.Run(command).AssertDone().Output);
        Reste.Run([.. s_small, "--epochs", "1", "--results_dir", _folder["published"]]).AssertDone();
        Assert.True(File.Exists(_folder["published/previous-1/checkpoint.pth.tar"]));
    }

    [Fact]
    public void Weights_without_an_epoch_are_not_resumed()
    {
        Directory.CreateDirectory(_folder["published"]);
        Reste.Run("convert", Ours, _folder["bare.safetensors"]).AssertDone();
        var bare = StateFile.Open(_folder["bare.safetensors"]);
        byte[] bytes = File.ReadAllBytes(_folder["bare.safetensors"]);
        int at = bytes.AsSpan().IndexOf("\"epoch\""u8);
        "\"e_och\""u8.CopyTo(bytes.AsSpan(at));
        File.WriteAllBytes(_folder["published/checkpoint.pth.tar"], bytes);
        Reste.Run([.. s_small, "--epochs", "3", "--resume", "--results_dir", _folder["published"]])
            .AssertRefused(ExitCode.Checkpoint, "does not say after which epoch", "--init ");
        Assert.Equal(2, bare.Epoch);
    }
}
