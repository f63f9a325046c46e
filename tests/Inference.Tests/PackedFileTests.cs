using System.Buffers.Binary;
using ReSTE.Native.Packed;

namespace ReSTE.Native.Inference.Tests;

public class PackedFileTests
{
    private static readonly byte[] s_good = PackedFile.Write(new EveryLayer(2).Residual(8, 5, 3));

    [Fact]
    public void A_file_is_written_as_it_was_read() => Assert.Equal(s_good, PackedFile.Write(PackedFile.Read(s_good)));

    [Fact]
    public void Every_bit_counts()
    {
        for (int at = 8; at < s_good.Length; at += 37)
        {
            byte[] flipped = [.. s_good];
            flipped[at] ^= 4;
            Assert.Throws<PackedException>(() => PackedFile.Read(flipped));
        }
    }

    [Fact]
    public void A_file_that_is_cut_short_says_so()
    {
        Assert.Contains("cut short", Refused(s_good[..(s_good.Length / 2)]));
        Assert.Contains("cut short", Refused(s_good[..20]));
        Assert.Contains("is not a packed network", Refused([]));
        Assert.Contains("is not a packed network", Refused("{\"a\": 1}, which is some other file than that"u8.ToArray()));
    }

    [Fact]
    public void A_newer_version_is_named()
    {
        byte[] newer = [.. s_good];
        BinaryPrimitives.WriteInt32LittleEndian(newer.AsSpan(8), 2);
        Assert.Equal("is of version 2, and this program reads up to 1: a newer program reads it", Refused(newer));
    }

    [Fact]
    public void The_path_begins_the_message()
    {
        string path = Path.GetTempFileName();
        File.WriteAllText(path, "nothing");
        Assert.StartsWith(path + ": is not a packed network", Assert.Throws<PackedException>(() => BinaryModel.Open(path)).Message);
        File.Delete(path);
    }

    [Fact]
    public void A_network_that_does_not_fit_itself_is_refused_by_the_layers_name()
    {
        PackedNetwork good = new EveryLayer(3).Residual(8, 5, 3);
        Refuse("stem: value 99, which it reads, cannot be", 0, layer => layer with { Input = 99 });
        Refuse("stem: its kernel cannot be", 0, layer => (RealConv)layer with { Conv = new(5, 3, 0, 1) });
        Refuse("norm: its normalisation cannot be", 1, layer => (NormLayer)layer with { Norm = new([1], [1], [1]) });
        Refuse("unit2: value 4, which it adds, cannot be", 3,
            layer => (SignConv)layer with { Result = (CountNumbers)((SignConv)layer).Result with { Added = 4 } });
        Refuse("unit1: its weights cannot be", 2, layer => (SignConv)layer with { Signs = new uint[3] });
        Refuse("pad: its 6 channels cannot be", 4, layer => (PadLayer)layer with { Channels = 6 });
        Refuse("pool1: its window cannot be", 7, layer => (MaxPoolLayer)layer with { Padding = 2 });

        void Refuse(string message, int layer, Func<PackedLayer, PackedLayer> change)
        {
            PackedLayer[] layers = [.. good.Layers];
            layers[layer] = change(layers[layer]);
            Assert.Equal(message, Assert.Throws<PackedException>(() => PackedFile.Write(good with { Layers = layers })).Message);
        }
    }

    [Fact]
    public void Scores_are_one_a_class() => Assert.Equal("its last layer gives [1,1,7], not a score for each of 1 classes",
        Assert.Throws<PackedException>(() => PackedFile.Write(new EveryLayer(4).Residual(8, 5, 3) with { Classes = ["one"] })).Message);

    private static string Refused(byte[] file) => Assert.Throws<PackedException>(() => PackedFile.Read(file)).Message;
}
