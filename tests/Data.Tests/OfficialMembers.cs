namespace ReSTE.Native.Data.Tests;

/// <summary>What the official archives hold, by name and in their order, with made-up batches.</summary>
internal static class OfficialMembers
{
    public static (string Name, byte[] Bytes)[] Of(string archive) => archive switch
    {
        "cifar-10-python.tar.gz" => Python10(),
        "cifar-10-binary.tar.gz" => Binary10(),
        "cifar-100-python.tar.gz" => Python100(),
        "cifar-100-binary.tar.gz" => Binary100(),
        _ => throw new ArgumentException(archive),
    };

    public static (string Name, byte[] Bytes)[] Python10(int extra = 2) =>
    [
        .. CifarFixture.BatchNames.Select((name, k) =>
            ($"cifar-10-batches-py/{name}", CifarFixture.Pickle(k + extra, (uint)k, CifarFixture.Title(k)))),
        ("cifar-10-batches-py/batches.meta", new byte[158]),
        ("cifar-10-batches-py/readme.html", "<meta>"u8.ToArray()),
    ];

    public static (string Name, byte[] Bytes)[] Binary10(int extra = 2) =>
    [
        .. CifarFixture.BatchNames.Select((name, k) => ($"cifar-10-batches-bin/{name}.bin", CifarFixture.Binary(k + extra, (uint)k))),
        ("cifar-10-batches-bin/batches.meta.txt", "airplane\n"u8.ToArray()),
    ];

    public static (string Name, byte[] Bytes)[] Python100(int train = Cifar100Fixture.Train) =>
    [
        ("cifar-100-python/file.txt~", []),
        ("cifar-100-python/train", Cifar100Fixture.Pickle(train, 1)),
        ("cifar-100-python/test", Cifar100Fixture.Pickle(Cifar100Fixture.Test, 2, "testing batch 1 of 1")),
        ("cifar-100-python/meta", new byte[1473]),
    ];

    public static (string Name, byte[] Bytes)[] Binary100(int train = Cifar100Fixture.Train) =>
    [
        ("cifar-100-binary/coarse_label_names.txt", "fish\n"u8.ToArray()),
        ("cifar-100-binary/train.bin", Cifar100Fixture.Binary(train, 1)),
        ("cifar-100-binary/test.bin", Cifar100Fixture.Binary(Cifar100Fixture.Test, 2)),
    ];
}
