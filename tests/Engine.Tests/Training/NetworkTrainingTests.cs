using ReSTE.Native.Devices.Cpu;
using ReSTE.Native.Training;

namespace ReSTE.Native.Engine.Tests.Training;

/// <summary>Every network in every form trains: two epochs of a few images, the second with a smaller loss.</summary>
[Trait("Category", "Slow")]
public sealed class NetworkTrainingTests
{
    public static TheoryData<string, bool> LargerCifarNetworks =>
    [
        new("resnet20_bireal_1w1a", true), new("vgg_small_1w1a", false), Minutes("vgg_small", false), Minutes("resnet18_1w1a", false),
        Minutes("resnet18_1w1a", true), Minutes("vgg_small_1w1a", true), Minutes("resnet18", false),
    ];

    public static TheoryData<string, bool> ImageNetNetworks =>
    [
        Minutes("resnet18_1w1a", false), Minutes("resnet18", false), Minutes("resnet18_1w1a", true), Minutes("resnet34_1w1a", false),
        Minutes("resnet34_1w1a", true), Minutes("resnet34", false),
    ];

    public static TheoryData<string, bool> ResNet20Networks =>
    [
        new("resnet20_1w1a", false), new("resnet20_bireal_1w1a", false), Minutes("resnet20_1w1a", true), Minutes("resnet20", false),
    ];

    [Theory]
    [MemberData(nameof(ResNet20Networks))]
    public void ResNet20_learns_2048_images(string model, bool realActivations) =>
        Learns("cifar10", model, realActivations, 2048, batch: 64);

    [Theory]
    [MemberData(nameof(LargerCifarNetworks))]
    public void The_larger_CIFAR_networks_learn_256_images(string model, bool realActivations) =>
        Learns("cifar10", model, realActivations, 256, batch: 32);

    [Theory]
    [MemberData(nameof(ImageNetNetworks))]
    public void ImageNet_networks_learn_32_images(string model, bool realActivations) =>
        Learns("imagenet", model, realActivations, 32, batch: 8);

    private static TheoryDataRow<string, bool> Minutes(string model, bool realActivations) =>
        Long.When(true, new TheoryDataRow<string, bool>(model, realActivations));

    private static void Learns(string dataset, string model, bool realActivations, int images, int batch)
    {
        var recipe = new Recipe
        {
            Dataset = dataset,
            Model = model,
            RealActivations = realActivations,
            Epochs = 2,
            BatchSize = batch,
            BatchSizeTest = 20,
            LearningRate = 0.02,
        };
        using var device = new CpuDevice(2);
        using var trainer = new Trainer(recipe, device, TinyImages.Splits(images, side: dataset == "imagenet" ? 224 : 32, augment: false));
        double first = trainer.RunEpoch().Train.Loss, second = trainer.RunEpoch().Train.Loss;
        Assert.True(second < first, $"the loss went from {first:f4} to {second:f4}");
    }
}
