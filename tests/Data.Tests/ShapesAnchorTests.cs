namespace ReSTE.Native.Data.Tests;

public sealed class ShapesAnchorTests(ITestOutputHelper output)
{
    private const int Seed = 7, Epochs = 10, Batch = 100;
    private const float Rate = 0.001f;

    /// <summary>Single pixels do not give the class away: what a network reaches above this it has from their arrangement.</summary>
    [Fact]
    [Trait("Category", "Slow")]
    public void Logistic_regression_on_pixels_stays_below_a_quarter()
    {
        var (train, test, preprocessing) = Datasets.Open("shapes", null);
        var (x, labels) = SoftmaxRegression.Load(train, preprocessing);
        var (testX, testLabels) = SoftmaxRegression.Load(test, preprocessing);
        var model = new SoftmaxRegression(x[0].Length);
        var random = new Random(Seed);
        double best = 0;
        for (int epoch = 0; epoch < Epochs; epoch++)
        {
            model.TrainEpoch(x, labels, Rate, Batch, random);
            double accuracy = model.Accuracy(testX, testLabels);
            best = Math.Max(best, accuracy);
            output.WriteLine($"epoch {epoch}: train {model.Accuracy(x, labels):p1}, test {accuracy:p1}");
        }

        Assert.True(model.Accuracy(x, labels) > 0.15, "the regression does not learn even its training images");
        Assert.InRange(best, 0.05, 0.25);
    }
}
