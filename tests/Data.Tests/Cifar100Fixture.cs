namespace ReSTE.Native.Data.Tests;

/// <summary>Made-up images in the layout of CIFAR-100's files; the batch for training holds <see cref="Train"/> of them.</summary>
internal static class Cifar100Fixture
{
    public const int Train = 23, Test = 9;

    public static byte[] Fine(int count, uint seed) => [.. Enumerable.Range(0, count).Select(i => (byte)((i * 37 + seed + 99) % 100))];

    public static byte[] Coarse(int count, uint seed) => [.. Enumerable.Range(0, count).Select(i => (byte)((i * 7 + seed + 19) % 20))];

    public static byte[] Pickle(int count, uint seed, string title = "training batch 1 of 1") =>
        PickleWriter.Batch100(CifarFixture.Planes(count, seed), Fine(count, seed), Coarse(count, seed), title: title);

    public static byte[] Binary(int count, uint seed)
    {
        byte[] planes = CifarFixture.Planes(count, seed), fine = Fine(count, seed), coarse = Coarse(count, seed);
        return [.. Enumerable.Range(0, count).SelectMany(i => planes.Skip(i * 3072).Take(3072).Prepend(fine[i]).Prepend(coarse[i]))];
    }

    public static void WriteBoth(TemporaryFolder folder)
    {
        foreach (var (name, bytes) in OfficialMembers.Python100().Concat(OfficialMembers.Binary100()))
            folder.Write(name, bytes);
    }
}
