using System.Buffers.Binary;
using ReSTE.Native.Data.Cifar;

namespace ReSTE.Native.Data.Tests.Mutations;

/// <summary>Single batches of both sets in both forms.</summary>
internal static class BatchSubjects
{
    private const int Images = 12;

    public static IEnumerable<MutationSubject> All() =>
    [
        Pickle(Cifar10.Set, CifarFixture.Pickle(Images, 5)),
        Pickle(Cifar100.Set, Cifar100Fixture.Pickle(Images, 5)),
        Rewritten(protocol: 2), Rewritten(protocol: 4), Rewritten(protocol: 5),
        Binary(Cifar10.Set, CifarFixture.Binary(Images, 5), labelBytes: 1),
        Binary(Cifar100.Set, Cifar100Fixture.Binary(Images, 5), labelBytes: 2),
    ];

    private static MutationSubject Pickle(CifarSet set, byte[] good) => Of(set, set.Python, good, PickledPosition, (bytes, batch, where) =>
        Assert.True(batch.Count * 3072 == BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(batch.Start - 4)), where));

    private static MutationSubject Rewritten(int protocol)
    {
        byte[] planes = CifarFixture.Planes(Images, 5), labels = CifarFixture.Labels(Images, 5);
        byte[] good = RewrittenBatch.Of(protocol, bytesAsKeys: false, "numpy._core", planes, labels);
        return Of(Cifar10.Set, Cifar10.Set.Python, good, PickledPosition, (_, _, _) => { });
    }

    private static MutationSubject Binary(CifarSet set, byte[] good, int labelBytes)
    {
        int record = labelBytes + 3072;
        int RecordPosition(Random random, int count) => random.Next(3) switch
        {
            0 => random.Next(count),
            1 => count - 1 - random.Next(Math.Min(count, record)),
            _ => Math.Min(count - 1, random.Next(Images) * record + random.Next(labelBytes)),
        };
        return Of(set, set.Binary, good, RecordPosition, (bytes, batch, where) =>
        {
            Assert.True(batch.Count * record == bytes.Length, where);
            for (int i = 0; i < batch.Count; i++)
                Assert.True(batch.Labels[i] == bytes[i * record + labelBytes - 1], where);
        });
    }

    private static MutationSubject Of(
        CifarSet set, CifarForm form, byte[] good, Func<Random, int, int> position, Action<byte[], CifarBatch, string> check)
    {
        var mutator = new Mutator(position);
        return new MutationSubject(
            form.Folder, random => mutator.Mutate(good, random),
            bytes =>
            {
                var batch = form.Parse(bytes, MutationSubject.Path, set);
                return where =>
                {
                    CheckRanges(batch, set, where);
                    check(bytes, batch, where);
                };
            },
            bytes => bytes.Length);
    }

    /// <summary>Every label is a class, and every image lies in the file.</summary>
    public static void CheckRanges(CifarBatch batch, CifarSet set, string where)
    {
        byte[] pixels = new byte[CifarBatch.ImageBytes];
        Assert.True(batch.Count > 0, where);
        for (int i = 0; i < batch.Count; i++)
        {
            Assert.True(batch.Labels[i] < set.Classes, where);
            batch.CopyTo(i, pixels);
        }
    }

    /// <summary>Mostly the opcodes before and after the pixels.</summary>
    private static int PickledPosition(Random random, int count) => random.Next(4) switch
    {
        0 => random.Next(count),
        1 => Math.Max(0, count - 1 - random.Next(400)),
        _ => random.Next(Math.Min(count, 330)),
    };
}
