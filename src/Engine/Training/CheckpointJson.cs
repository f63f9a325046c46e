using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace ReSTE.Native.Training;

/// <summary>
/// The JSON among a checkpoint's strings. Its code is generated when the library is built, so that it works in a trimmed program too. A run
/// that diverged can be saved: its sums are not finite.
/// </summary>
[JsonSourceGenerationOptions(NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(Recipe))]
[JsonSerializable(typeof(TrainingState))]
[JsonSerializable(typeof(NetworkInput))]
[JsonSerializable(typeof(DataIdentity))]
internal sealed partial class CheckpointJson : JsonSerializerContext
{
    /// <summary>The value in a text, null for "null"; what the text does not mention is as in <paramref name="defaults"/>.</summary>
    /// <exception cref="JsonException">The text is not of this type.</exception>
    public static T? Read<T>(string text, JsonTypeInfo<T> type, T? defaults) where T : class => defaults == null
        ? JsonSerializer.Deserialize(text, type)
        : JsonSerializer.Deserialize(Completed(text, JsonSerializer.SerializeToElement(defaults, type)), type);

    /// <summary>
    /// The text with the defaults it does not mention: generated code forgets the initial values of properties that can only be set at
    /// creation.
    /// </summary>
    private static ReadOnlySpan<byte> Completed(string text, JsonElement defaults)
    {
        using JsonDocument given = JsonDocument.Parse(text);
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            if (given.RootElement.ValueKind == JsonValueKind.Object)
                Write(json, given.RootElement, defaults);
            else
                given.RootElement.WriteTo(json);
        }

        return buffer.WrittenSpan;
    }

    private static void Write(Utf8JsonWriter json, JsonElement given, JsonElement defaults)
    {
        json.WriteStartObject();
        foreach (JsonProperty property in defaults.EnumerateObject().Where(p => !given.TryGetProperty(p.Name, out _)))
            property.WriteTo(json);
        foreach (JsonProperty property in given.EnumerateObject())
            property.WriteTo(json);
        json.WriteEndObject();
    }
}
