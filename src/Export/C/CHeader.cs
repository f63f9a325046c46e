using System.Security.Cryptography;
using System.Text.RegularExpressions;
using ReSTE.Native.Packed;

namespace ReSTE.Native.Export.C;

/// <summary>A network as one header of C99: what declares it, the kernels, its numbers, and the calls that run it.</summary>
internal static partial class CHeader
{
    private static readonly string[] s_kernels =
    [
        "begin.h", "lanes_avx512.h", "lanes_avx2.h", "lanes_wasm.h", "lanes_portable.h", "finish.h", "counts.h", "reals.h", "layers.h",
    ];

    /// <summary>The kernels, which know no network; their names begin with nn_ and NN_.</summary>
    public static string Kernels { get; } = string.Concat(s_kernels.Select(Kernel));

    /// <summary>Writes it.</summary>
    /// <exception cref="ExportException">It is too large for 32-bit sizes.</exception>
    public static string Of(PackedNetwork network)
    {
        var calls = new CCalls(network);
        string prefix = CNames.Prefix(network.Name);
        string before = Banner(network, calls.Bytes) + Declarations(network, calls.Bytes) + Kernels + "\n";
        string text = before + calls.Constants.Text + Body(network, calls);
        text = LowerPrefix().Replace(text, prefix + "_");
        return CText.Wrapped(UpperPrefix().Replace(text, prefix.ToUpperInvariant() + "_"));
    }

    private static string Banner(PackedNetwork network, long bytes)
    {
        PackedInput input = network.Input;
        byte[] packed = PackedFile.Write(network);
        return $$"""
            /*
             * {{CNames.Plain(network.Name)}}, a binary neural network trained on {{CNames.Plain(network.Dataset)}}.
             * One header of C99, which needs no library.
             *
             * Images: {{input.Height}} x {{input.Width}} pixels of {{input.Channels}} bytes, row by row.
             * Classes: {{network.Classes.Count}}. Memory while it runs: {{bytes + 63}} bytes, which the caller gives.
             * SHA-256 of the same network as a packed file: {{Convert.ToHexStringLower(SHA256.HashData(packed))}}.
             *
             * In one file of a program:
             *
             *     #define NN_IMPLEMENTATION
             *     #define NN_STATIC
             *     #include "THIS FILE"
             *
             * and then
             *
             *     float scores[NN_CLASSES];
             *     int label = nn_classify(image, scores);
             *
             * in others the last of the first three lines alone. nn_classify keeps its memory to itself and serves one thread;
             * nn_predict takes memory of NN_WORKSPACE bytes and serves any number of threads that bring some each.
             * Both return the number of the largest score; nn_class_names has the names.
             *
             * Compile with -O3 and the processor's own instructions (-march=native): AVX-512, AVX2 and WebAssembly's vectors are used
             * where the compiler may, none where NN_SCALAR is defined. The scores are the same bits everywhere.
             * Without IEEE arithmetic (-ffast-math) it does not compile.
             *
             * This file may be used for whatever its weights may be used for; the code in it asks for no notice.
             */

            """.ReplaceLineEndings("\n");
    }

    private static string Declarations(PackedNetwork network, long bytes) => $$"""
        #ifndef NN_H
        #define NN_H

        #define NN_HEIGHT {{network.Input.Height}}
        #define NN_WIDTH {{network.Input.Width}}
        #define NN_CHANNELS {{network.Input.Channels}}
        #define NN_IMAGE_BYTES {{network.Input.Bytes}}
        #define NN_CLASSES {{network.Classes.Count}}
        #define NN_WORKSPACE {{bytes + 63}}

        #ifdef __cplusplus
        extern "C" {
        #endif

        /* The class's number. image: NN_IMAGE_BYTES; scores: NN_CLASSES, to be written; */
        /* workspace: NN_WORKSPACE bytes, whatever is in them. */
        int nn_predict(const unsigned char *image, float *scores, void *workspace);

        #ifdef NN_STATIC
        /* The same, of one thread at a time. */
        int nn_classify(const unsigned char *image, float *scores);
        #endif

        extern const char *const nn_class_names[NN_CLASSES];

        #ifdef __cplusplus
        }
        #endif

        #endif

        #if defined(NN_IMPLEMENTATION) && !defined(NN_IMPLEMENTED)
        #define NN_IMPLEMENTED


        """.ReplaceLineEndings("\n");

    private static string Body(PackedNetwork network, CCalls calls) => $$"""

        const char *const nn_class_names[NN_CLASSES] = {
        {{string.Join("\n", network.Classes.Select(name => $"    {CNames.Quoted(name)},"))}}
        };

        #define NN_AT(type, offset) ((type *)(void *)(at + (offset)))

        int nn_predict(const unsigned char *image, float *scores, void *workspace)
        {
            unsigned char *at = (unsigned char *)workspace + (64 - (uintptr_t)workspace % 64) % 64;
        {{calls.Text}}    return nn_label({{calls.Scores}}, NN_CLASSES, scores);
        }

        #ifdef NN_STATIC
        int nn_classify(const unsigned char *image, float *scores)
        {
            static double workspace[NN_WORKSPACE / sizeof(double) + 1];
            return nn_predict(image, scores, workspace);
        }
        #endif

        #endif

        """.ReplaceLineEndings("\n");

    private static string Kernel(string name)
    {
        using Stream stream = typeof(CHeader).Assembly.GetManifestResourceStream("kernels/" + name)
            ?? throw new InvalidOperationException($"there is no resource kernels/{name}");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }

    [GeneratedRegex(@"\bnn_")]
    private static partial Regex LowerPrefix();

    [GeneratedRegex(@"\bNN_")]
    private static partial Regex UpperPrefix();
}
